import { entriesOf, stridedSlice as sliced } from '../../importer/strided-slice.js'
import type { Call, NodeResult } from './call.js'

export function stridedSlice(call: Call): NodeResult {
  const { node, op, inputs } = call
  const [begins, ends] = [call.numbers(1), call.numbers(2)]
  const strides = inputs.length > 3 ? call.numbers(3) : begins?.map(() => 1)
  if (!begins || !ends || !strides) return undefined
  const shrinkAxisMask = node.number('shrink_axis_mask')
  const entries = entriesOf({
    begins,
    ends,
    strides,
    // TensorFlow ignores the mask for an index.
    beginMask: node.number('begin_mask') & ~shrinkAxisMask,
    endMask: node.number('end_mask'),
    ellipsisMask: node.number('ellipsis_mask'),
    newAxisMask: node.number('new_axis_mask'),
    shrinkAxisMask,
  })
  const result = entries && sliced(op, call.input(0), entries)
  return result && op.named('index').reshape(result.value, result.shape)
}
