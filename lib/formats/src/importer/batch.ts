import type { Network, Node, Shape } from '@leti/network'

/**
 * How many inputs the network computes at once; undefined for one, and where the leading axis may be another
 * than the batch. It is the batch if all inputs, outputs and computed tensors have it, and nothing mixes its
 * elements.
 *
 * @param inputs shapes in the file, with the batch
 * @param outputs shapes in the file, with the batch
 */
export function batchOf(
  { nodes }: Network,
  inputs: readonly Shape[],
  outputs: readonly Shape[],
): number | undefined {
  const size = inputs.at(0)?.at(0) ?? 1
  if (size === 1 || !inputs.every(({ length }) => length > 1)) return undefined
  const leads = [...inputs, ...outputs].every((shape) => shape[0] === size)
  return leads && nodes.every((node) => keepsRows(node, size)) ? size : undefined
}

/** A product of two matrices, as in attention without a batch, mixes the rows of one of them. */
function keepsRows({ operator, shape }: Node, size: number): boolean {
  if (operator.type === 'constant') return true
  return shape[0] === size && !(operator.type === 'matmul' && shape.length < 3)
}
