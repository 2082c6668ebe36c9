import { scalarConstant } from './constant.js'
import { multiplied } from './matrices.js'
import type { Operation, Result } from './operation.js'
import { isConstant, type Value } from './value.js'

/** Queries, keys and values of `[batch, heads, positions, size]`. */
export interface Heads {
  readonly query: Value
  readonly key: Value
  readonly value: Value
}

interface AttentionOptions {
  readonly scale: number
  /** Summands of the scores, one after another. */
  readonly masks: readonly Value[]
  /** Scores are bent so that they stay within this limit; 0 for none. */
  readonly softcap: number
}

/** What attention computes on its way. */
export interface AttentionSteps {
  readonly scores: Value
  readonly masked: Value
  readonly capped: Value
  readonly shares: Value
  readonly output: Value
}

/**
 * Attention, as products of matrices and a softmax. Several heads of the query may share a head of key and value:
 * the rows of these heads are then multiplied at once.
 */
export function attention(
  op: Operation,
  { query, key, value }: Heads,
  { scale, masks, softcap }: AttentionOptions,
): AttentionSteps | undefined {
  const [batch, heads, rows] = query.shape
  const columns = key.shape[2]
  const shared = heads / key.shape[1]
  if (!Number.isInteger(shared) || [query, key, value].some(isConstant)) return undefined
  const by = (name: string, of: Value, values: Value, isTransposed: boolean): Result => {
    const own = op.named(name)
    const [size] = of.shape.slice(-1)
    const joined = own.named('joined').reshape(of, [batch, heads / shared, shared * rows, size])
    return joined && multiplied(own, joined, values, [false, isTransposed])
  }
  const products = by('products', query, key, true)
  const scaled = products && op.named('scaled').binary('mul', products, scalarConstant(scale))
  const scores = scaled && op.named('scores').reshape(scaled, [batch, heads, rows, columns])
  const capped = scores && limited(op.named('capped'), scores, softcap)
  const masked = masks.reduce<Result>(
    (total, mask, index) => total && op.named(`mask${index}`).binary('add', total, mask),
    capped,
  )
  const shares = masked && op.named('shares').softmax(masked, -1)
  const means = shares && by('means', shares, value, false)
  const output = means && op.reshape(means, [batch, heads, rows, value.shape[3]])
  return output && capped && { scores, masked, capped, shares, output }
}

function limited(op: Operation, value: Value, limit: number): Result {
  if (!limit) return value
  const scaled = op.named('scaled').binary('mul', value, scalarConstant(1 / limit))
  const bent = scaled && op.named('tanh').elementwise('tanh', scaled)
  return bent && op.binary('mul', bent, scalarConstant(limit))
}

/** Splits the last axis of `[batch, positions, heads * size]` into heads, which then come before the positions. */
export function splitHeads(op: Operation, value: Value, heads: number): Result {
  const [batch, positions, size] = value.shape
  if (value.shape.length !== 3 || !(heads > 0) || size % heads !== 0) return undefined
  const split = op.named('split').reshape(value, [batch, positions, heads, size / heads])
  return split && op.transpose(split, [0, 2, 1, 3])
}

/** The inverse of `splitHeads`. */
export function joinHeads(op: Operation, value: Value): Result {
  const [batch, heads, positions, size] = value.shape
  const moved = op.named('moved').transpose(value, [0, 2, 1, 3])
  return moved && op.reshape(moved, [batch, positions, heads * size])
}

/** Lets each row see the columns up to its own place only, which begins at `offset`. */
export function causalMask(rows: number, columns: number, offset: number): number[] {
  return Array.from({ length: rows * columns }, (_, at) =>
    at % columns <= Math.floor(at / columns) + offset ? 0 : -Infinity,
  )
}
