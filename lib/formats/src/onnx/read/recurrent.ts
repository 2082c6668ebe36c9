import { elements } from '@leti/network'
import {
  gruStep,
  lstmStep,
  peepholeStep,
  plainStep,
  type Step,
} from '../../importer/recurrent/steps.js'
import { sure, type Activation } from '../../importer/recurrent/terms.js'
import { unrolled, type Unrolled } from '../../importer/recurrent/unrolled.js'
import type { Value } from '../../importer/value.js'
import type { Call, NodeReader, NodeResult, Readers } from './call.js'
import { OrderedTensor } from './ordered-tensor.js'
import { cellWeights, type CellWeights } from './recurrent-weights.js'

/** A recurrent operator of ONNX: https://onnx.ai/onnx/operators/onnx__LSTM.html */
interface Kind {
  readonly gates: number
  readonly states: number
  /** Activations of one direction. */
  readonly activations: readonly string[]
  readonly stepOf: (call: Call, weights: CellWeights, activations: Activation[]) => Step
}

const LSTM: Kind = {
  gates: 4,
  states: 2,
  activations: ['Sigmoid', 'Tanh', 'Tanh'],
  stepOf: (_call, { units, recurrent, peepholes }, activations) =>
    peepholes
      ? peepholeStep(recurrent, units, activations, peepholes)
      : lstmStep(recurrent, units, activations),
}

export const lstm = recurrent(LSTM)

export const RECURRENT: Readers = [
  ['RNN', recurrent({ gates: 1, states: 1, activations: ['Tanh'], stepOf: plain })],
  ['GRU', recurrent({ gates: 3, states: 1, activations: ['Sigmoid', 'Tanh'], stepOf: gru })],
  ['LSTM', lstm],
]

/** Places of inputs. */
const LENGTHS = 4
const INITIAL = 5

const ACTIVATIONS: ReadonlyMap<string, Activation> = new Map<string, Activation>([
  ['sigmoid', (op, value) => op.elementwise('sigmoid', value)],
  ['tanh', (op, value) => op.elementwise('tanh', value)],
  ['relu', (op, value) => op.elementwise('relu', value)],
])

function plain(_call: Call, { recurrent }: CellWeights, [f]: Activation[]): Step {
  return plainStep(recurrent, f)
}

function gru(call: Call, { units, recurrent, columns }: CellWeights, of: Activation[]): Step {
  if (call.int('linear_before_reset') !== 0) return gruStep([recurrent], units, of)
  return gruStep([columns(0, 2 * units), columns(2 * units, units)], units, of)
}

function recurrent(kind: Kind): NodeReader {
  return (call) => {
    const isReversed = DIRECTIONS.get(call.text('direction', 'forward'))
    // The steps lead, or the batch if the layout says so.
    const isBatchFirst = call.int('layout') !== 0
    const input = call.input(0).inOrder(call.op, isBatchFirst ? [1, 0, 2] : [0, 1, 2])
    if (!isReversed || !input || !isPlain(call, input.shape[0])) return undefined
    const results = isReversed.map((reversed, direction) =>
      ofDirection(call, kind, { input, isReversed: reversed, direction, isBatchFirst }),
    )
    return results.every((result) => result !== undefined)
      ? joined(call, results, input.shape, isBatchFirst)
      : undefined
  }
}

/** For each direction of a layer, whether it begins at the last step. */
const DIRECTIONS: ReadonlyMap<string, readonly boolean[]> = new Map([
  ['forward', [false]],
  ['reverse', [true]],
  ['bidirectional', [false, true]],
])

/** Whether the layer clips nothing, and runs all steps. */
function isPlain(call: Call, steps: number): boolean {
  const lengths = call.has(LENGTHS) ? call.numbers(LENGTHS) : []
  const isWhole = lengths?.every((length) => length === steps) ?? false
  return isWhole && call.attribute('clip') === undefined && call.int('input_forget') === 0
}

interface Direction {
  readonly input: Value
  readonly isReversed: boolean
  readonly direction: number
  readonly isBatchFirst: boolean
}

function ofDirection(call: Call, kind: Kind, of: Direction): Unrolled | undefined {
  const { input, isReversed, direction, isBatchFirst } = of
  const weights = cellWeights(call, kind.gates, direction)
  const count = kind.activations.length
  const names = call.texts('activations')?.slice(direction * count, (direction + 1) * count)
  const activations = (names ?? kind.activations).map((name) => ACTIVATIONS.get(name.toLowerCase()))
  const areKnown = activations.length === count && activations.every((known) => known !== undefined)
  if (!weights || !areKnown) return undefined
  const { units, input: layer } = weights
  const initial = Array.from({ length: kind.states }, (_, state) =>
    initialState(call, INITIAL + state, direction, isBatchFirst),
  )
  const step = kind.stepOf(call, weights, activations)
  const op = call.op.named(isReversed ? 'reverse' : 'forward')
  return unrolled(op, { units, input: layer, step }, { input, initial, isReversed })
}

/** One direction's part of an initial state. */
function initialState(
  { inputs, op }: Call,
  index: number,
  direction: number,
  isBatchFirst: boolean,
): Value | undefined {
  const state = inputs[index]
  if (!state) return undefined
  const named = op.named(`initial${index}/${direction}`)
  const value = sure(state.inOrder(named, isBatchFirst ? [1, 0, 2] : [0, 1, 2]))
  return sure(named.slice(value, [direction, 0, 0], value.shape.with(0, 1)))
}

/** The outputs of the operator: those of all steps, then the last states. */
function joined(
  { op }: Call,
  results: readonly Unrolled[],
  [steps, batch]: readonly number[],
  isBatchFirst: boolean,
): NodeResult {
  const outputs = results.map(({ outputs }, direction) =>
    sure(
      op
        .named(`outputs${direction}`)
        .reshape(outputs, [steps, 1, batch, elements(outputs.shape) / (steps * batch)]),
    ),
  )
  const all = new OrderedTensor(
    sure(op.concat(outputs, 1)),
    isBatchFirst ? [1, 2, 0, 3] : undefined,
  )
  const states = results[0].states.map((_, state) => {
    const parts = results.map(({ states }) => states[state])
    const value = sure(op.named(`state${state}`).concat(parts, 0))
    return new OrderedTensor(value, isBatchFirst ? [1, 0, 2] : undefined)
  })
  return [all, ...states]
}
