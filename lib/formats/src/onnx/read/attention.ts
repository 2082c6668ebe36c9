import {
  attention,
  causalMask,
  joinHeads,
  splitHeads,
  type AttentionSteps,
  type Heads,
} from '../../importer/attention.js'
import type { Shape } from '@leti/network'
import { split } from '../../importer/parts.js'
import { constantOf } from '../../importer/constant.js'
import type { Operation, Result } from '../../importer/operation.js'
import { isConstant, type Value } from '../../importer/value.js'
import { DATA_TYPE } from '../schema.js'
import type { Call, NodeResult, Readers } from './call.js'
import { OrderedTensor } from './ordered-tensor.js'

export const ATTENTION: Readers = [
  ['Attention', ownAttention],
  ['com.microsoft.Attention', joinedAttention],
  ['com.microsoft.MultiHeadAttention', multiHeadAttention],
]

/** Places of inputs. */
const MASK = 3
const PAST = { key: 4, value: 5 } as const
const LENGTHS = 6

/** Limit on the numbers of a causal mask, which becomes a constant of the network. */
const MAX_MASK = 2 ** 24

/** The operator of ONNX itself: https://onnx.ai/onnx/operators/onnx__Attention.html */
function ownAttention(call: Call): NodeResult {
  const { op } = call
  const fresh = call.has(LENGTHS) ? undefined : headsOf(call)
  const key = fresh && withPast(call, fresh.key, PAST.key, 'key')
  const value = fresh && withPast(call, fresh.value, PAST.value, 'value')
  if (!fresh || !key || !value) return undefined
  const { query } = fresh
  const [rows, columns, size] = [query.shape[2], key.shape[2], query.shape[3]]
  const past = columns - fresh.key.shape[2]
  const causal = call.int('is_causal') ? maskOfPast(rows, columns, past) : []
  const mask = call.has(MASK) ? summand(call, [query.shape[0], query.shape[1], rows, columns]) : []
  if (!mask || !causal) return undefined
  const masks = [...mask, ...causal]
  // Whether the scores are bent before or after a mask is not settled: ONNX's own tests and ONNX Runtime differ.
  if (call.float('softcap') && masks.length > 0 && call.node.outputs[3]) return undefined
  const steps = attention(
    op.named('heads'),
    { query, key, value },
    {
      scale: call.float('scale', 1 / Math.sqrt(size)),
      masks,
      softcap: call.float('softcap'),
    },
  )
  const isRows = call.input(0).order.length === 3
  const output = steps && (isRows ? joinHeads(op, steps.output) : steps.output)
  return output && [output, key, value, inner(call, steps)].map((of) => new OrderedTensor(of))
}

/** Queries, keys and values by one matrix; their heads, of which none has keys of the past. */
export function joinedAttention(call: Call): NodeResult {
  const { op } = call
  const input = call.input(0).plain(op)
  const weights = call.constant(1)
  const heads = call.int('num_heads')
  const isOther = call.int('do_rotary') !== 0 || call.has(PACKED.past)
  if (!input || weights?.shape.length !== 2 || isOther) return undefined
  const sizes = call.ints('qkv_hidden_sizes') ?? new Array<number>(3).fill(weights.shape[1] / 3)
  const product = op.named('projection').dense(input, weights, call.constant(2))
  const parts = product && split(op, product, 2, sizes)
  const [query, key, value] =
    parts?.map((part, at) => splitHeads(op.named(`input${at}`), part, heads)) ?? []
  return query && key && value && masked(call, { query, key, value }, PACKED)
}

/** Queries, keys and values that come apart, perhaps each with a bias. */
function multiHeadAttention(call: Call): NodeResult {
  const { op } = call
  const isOther = [APART.past, APART.past + 1].some((index) => call.has(index))
  if (isOther || !call.has(1) || !call.has(2)) return undefined
  const bias = call.has(3) ? call.constant(3) : undefined
  const heads = call.int('num_heads')
  let begin = 0
  const [query, key, value] = [0, 1, 2].map((index) => {
    const own = op.named(`input${index}`)
    const input = call.input(index).plain(own)
    if (input?.shape.length !== 3) return undefined
    const size = input.shape[2]
    const part = bias && own.slice(bias, [begin], [size])
    begin += size
    const sum = part ? own.named('biased').binary('add', input, part) : input
    return sum && splitHeads(own, sum, heads)
  })
  if (call.has(3) && !bias) return undefined
  return query && key && value && masked(call, { query, key, value }, APART)
}

/** Positions of inputs of the operators of ONNX Runtime. */
interface Positions {
  readonly padding: number
  readonly past: number
  readonly bias: number
}

const PACKED: Positions = { padding: 3, past: 4, bias: 5 }
const APART: Positions = { padding: 4, past: 6, bias: 5 }

/** Attention with the masks of ONNX Runtime's operators: of keys that only pad, and summands of the scores. */
function masked(call: Call, heads: Heads, { padding, bias }: Positions): NodeResult {
  const { op } = call
  const { query, key } = heads
  const [batch, , rows, size] = query.shape
  const columns = key.shape[2]
  const causal = call.int('unidirectional') ? maskOfPast(rows, columns, 0) : []
  const summed = call.has(bias) ? call.input(bias).plain(op) : undefined
  if (!causal || (call.has(bias) && !summed)) return undefined
  const padded = call.has(padding) ? paddingMask(call, padding, [batch, 1, rows, columns]) : []
  const steps = attention(op.named('heads'), heads, {
    scale: call.float('scale', 0) || 1 / Math.sqrt(size),
    masks: [...(summed ? [summed] : []), ...padded, ...causal],
    softcap: 0,
  })
  const output = steps && joinHeads(op, steps.output)
  return output && new OrderedTensor(output)
}

/** LETI has no operator that makes numbers of lengths or truth values: only the traffic counts. */
function paddingMask(call: Call, index: number, shape: Shape): Value[] {
  const op = call.op.named('padding')
  const mask = call.input(index).plain(op)
  return mask ? op.assembly.unknown([op.name], 'Where', [mask], [shape], 'traffic') : []
}

/** The fourth output, by `qk_matmul_output_mode`. */
function inner(call: Call, { scores, masked, capped, shares }: AttentionSteps): Value {
  return [scores, masked, capped, shares][call.int('qk_matmul_output_mode')] ?? scores
}

/** Inputs of three axes hold all heads in the last one. */
function headsOf(call: Call): Heads | undefined {
  const numbers = ['q_num_heads', 'kv_num_heads', 'kv_num_heads']
  const heads = numbers.map((name, index) => {
    const op = call.op.named(`input${index}`)
    const value = call.input(index).plain(op)
    return value?.shape.length === 3 ? splitHeads(op, value, call.int(name)) : value
  })
  const [query, key, value] = heads
  const isWhole = heads.every((of) => of?.shape.length === 4)
  return isWhole && query && key && value ? { query, key, value } : undefined
}

function withPast(call: Call, value: Value, index: number, name: string): Result {
  if (!call.has(index)) return value
  const op = call.op.named(`all_${name}`)
  const past = call.input(index).plain(op)
  return past && op.concat([past, value], 2)
}

function maskOfPast(rows: number, columns: number, past: number): Value[] | undefined {
  if (rows * columns > MAX_MASK) return undefined
  const mask = constantOf(causalMask(rows, columns, past), [1, 1, rows, columns], true)
  return [{ ...mask, isFixed: true }]
}

/** A mask as a summand. One of truth values, or of unknown type, is turned into numbers first. */
function summand(
  call: Call,
  [batch, heads, rows, columns]: readonly number[],
): Value[] | undefined {
  const op: Operation = call.op.named('mask')
  const mask = call.input(MASK).plain(op)
  const isOfNumbers = FLOATS.includes(call.typeOf(MASK) ?? 0)
  if (mask?.shape.at(-1) !== columns) return undefined
  if (isOfNumbers) return [mask]
  if (isConstant(mask)) {
    const least = op.folding.mapped(mask, (value) => (value ? 0 : -Infinity), true)
    return least && [least]
  }
  const [first, second] =
    mask.shape.length === 4 ? mask.shape : [1, mask.shape.length === 3 ? heads : 1]
  const shape = [Math.min(first, batch), second, rows, columns]
  return op.assembly.unknown([op.name], 'Where', [mask], [shape], 'traffic')
}

const FLOATS: readonly number[] = [
  DATA_TYPE.float,
  DATA_TYPE.float16,
  DATA_TYPE.bfloat16,
  DATA_TYPE.double,
]
