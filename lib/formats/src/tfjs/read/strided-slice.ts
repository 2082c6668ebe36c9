import { resolveRange } from '../../importer/axes.js'
import { argumentInput, type Call, type NodeResult } from './call.js'

/** An axis of the input, or a new one; `isGone` where one index of it is taken. */
interface Part {
  readonly begin: number
  readonly size: number
  readonly step: number
  readonly isNew: boolean
  readonly isGone: boolean
}

/** https://www.tensorflow.org/api_docs/python/tf/strided_slice */
export function stridedSlice(call: Call): NodeResult {
  const input = call.input(0)
  const parts = partsOf(call, input.shape)
  if (!parts) return undefined
  const axes = parts.filter(({ isNew }) => !isNew)
  const sliced = call.op.slice(
    input,
    axes.map(({ begin }) => begin),
    axes.map(({ size }) => size),
    axes.map(({ step }) => step),
  )
  const shape = parts.filter(({ isGone }) => !isGone).map(({ size }) => size)
  return sliced && call.op.named('index').reshape(sliced, shape)
}

/** What each entry of the arguments says, and the axes that none of them is about. */
function partsOf(call: Call, shape: readonly number[]): Part[] | undefined {
  const { node, inputs } = call
  const [begins, ends] = [argumentInput(call, 1), argumentInput(call, 2)]
  const strides = inputs.length > 3 ? argumentInput(call, 3) : begins?.map(() => 1)
  if (!begins || ends?.length !== begins.length || strides?.length !== begins.length) {
    return undefined
  }
  if (strides.includes(0)) return undefined
  const has = (mask: string, entry: number): boolean => (node.number(mask) & (1 << entry)) !== 0
  const used = begins.filter((_, at) => !has('new_axis_mask', at) && !has('ellipsis_mask', at))
  const parts: Part[] = []
  let axis = 0
  const takeWhole = (until: number): void => {
    for (; axis < until; axis++) parts.push(whole(shape[axis]))
  }
  for (const [at, begin] of begins.entries()) {
    if (has('ellipsis_mask', at)) {
      takeWhole(Math.min(axis + shape.length - used.length, shape.length))
    } else if (has('new_axis_mask', at)) {
      parts.push({ begin: 0, size: 1, step: 1, isNew: true, isGone: false })
    } else if (axis >= shape.length) {
      return undefined
    } else {
      const isGone = has('shrink_axis_mask', at)
      const first = has('begin_mask', at) && !isGone ? undefined : begin
      const last = has('end_mask', at) ? undefined : ends[at]
      const range = resolveRange(shape[axis], first, last, strides[at])
      const { size } = isGone ? { size: 1 } : range
      parts.push({ begin: range.begin, size, step: isGone ? 1 : strides[at], isNew: false, isGone })
      axis++
    }
  }
  takeWhole(shape.length)
  return parts
}

function whole(size: number): Part {
  return { begin: 0, size, step: 1, isNew: false, isGone: false }
}
