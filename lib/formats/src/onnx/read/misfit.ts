import { LetiError } from '@leti/records'
import type { Shape } from '@leti/network'
import type { Call } from './call.js'

/** For each operator of weights: how many numbers it reads at a time, and how many its weights are for. */
const COUNTS: ReadonlyMap<
  string,
  (call: Call, input: Shape, weights: Shape) => readonly [number | undefined, number | undefined]
> = new Map([
  ['Conv', (call, input, weights) => [input[1], weights[1] * call.int('group', 1)]],
  ['ConvTranspose', (_call, input, weights) => [input[1], weights[0]]],
  ['MatMul', (_call, input, weights) => [input.at(-1), weights.at(-2)]],
  [
    'Gemm',
    (call, input, weights) => [
      input[call.int('transA') ? 0 : 1],
      weights[call.int('transB') ? 1 : 0],
    ],
  ],
  ['LSTM', (_call, input, weights) => [input.at(-1), weights.at(-1)]],
  ['GRU', (_call, input, weights) => [input.at(-1), weights.at(-1)]],
  ['RNN', (_call, input, weights) => [input.at(-1), weights.at(-1)]],
])

/** The error for an operator that no runtime can run, since its input does not fit its weights; if it is one. */
export function misfit(call: Call): LetiError | undefined {
  const { op } = call.node
  const weights = call.constant(1)
  const input = call.inputs[0]
  const [found, expected] =
    (input && weights && COUNTS.get(op)?.(call, input.shape, weights.shape)) ?? []
  if (found === undefined || expected === undefined || found === expected) return undefined
  return new LetiError(
    'unsupported',
    `operator ${op} reads ${found} channels, but its weights have ${expected}; give the inputs the sizes that fit with --input-shape`,
  )
}
