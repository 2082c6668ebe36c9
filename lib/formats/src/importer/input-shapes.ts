import type { Shape } from '@leti/network'
import { isObject, LetiError } from '@leti/records'
import { FixedNumbers } from './fixed-numbers.js'
import { printable } from './names.js'
import { isShape } from './shapes.js'

/**
 * Shapes that the user asks for, with the batch and in the file's axis order: that of the only input,
 * or several by the names of their inputs. A number instead of a shape is that of all elements: the input
 * is then a constant.
 */
export type InputShapes = Shape | Readonly<Record<string, Shape | number>>

/** Type guard for untrusted input. */
export function isInputShapes(value: unknown): value is InputShapes {
  if (!isObject(value)) return isAskable(value)
  return Object.values(value).every((of) => isAskable(of) || Number.isFinite(of))
}

function isAskable(value: unknown): boolean {
  return Array.isArray(value) && value.every((size) => Number.isInteger(size) && size > 0)
}

/** An input of a file. */
export interface FileInput {
  readonly name: string
  /** Open sizes are -1; absent if even the rank is open. */
  readonly shape?: Shape | undefined
  /** Its axes after the first that are the batch too, as of the state of a recurrent layer. */
  readonly batchAxes?: readonly number[] | undefined
}

/**
 * Resolves the shapes of a file's inputs. Sizes that the file leaves open are taken from `asked`; an
 * open batch is 1.
 *
 * @throws {LetiError} `unsupported` if a size stays open, `bad-arch` if `asked` names an unknown input
 *   or contradicts the file
 */
export function inputShapes(
  inputs: readonly FileInput[],
  asked: InputShapes | undefined,
): readonly Shape[] {
  const byName = askedByName(inputs, asked)
  const fixed = new FixedNumbers(asked)
  const open = inputs.filter(
    (input) => !byName.has(input.name) && !fixed.has(input.name) && isOpen(input),
  )
  if (open.length > 0) throw unresolved(open)
  return inputs.map((input) => resolved(input, byName.get(input.name)))
}

function askedByName(
  inputs: readonly FileInput[],
  asked: InputShapes | undefined,
): ReadonlyMap<string, Shape> {
  if (asked === undefined) return new Map()
  const names = inputs.map(({ name }) => name)
  const known = names.slice(0, 9).map(printable).join(', ')
  if (!isObject(asked)) {
    if (names.length === 1) return new Map([[names[0], asked]])
    throw new LetiError(
      'bad-arch',
      `the file has several inputs (${known}): write which one has the shape ${asked.join()}`,
    )
  }
  const shapes = Object.entries(asked).filter((entry) => isShapeOf(entry))
  const [unknown] = shapes.find(([name]) => !names.includes(name)) ?? []
  if (unknown === undefined) return new Map(shapes)
  throw new LetiError(
    'bad-arch',
    `unknown input "${printable(unknown)}"; the inputs of the file are: ${known}`,
  )
}

function isShapeOf(entry: [string, Shape | number]): entry is [string, Shape] {
  return typeof entry[1] !== 'number'
}

function resolved({ name, shape }: FileInput, asked: Shape | undefined): Shape {
  const label = printable(name)
  if (asked) {
    const wrong = reasonAgainst(asked, shape)
    if (wrong === undefined) return asked
    throw new LetiError(
      'bad-arch',
      `input "${label}" cannot have the shape ${asked.join()}: ${wrong}`,
    )
  }
  return (shape ?? []).map((size) => (size === -1 ? 1 : size))
}

/** An open batch is 1. */
function isOpen({ shape, batchAxes = [] }: FileInput): boolean {
  return shape?.some((size, axis) => size === -1 && axis > 0 && !batchAxes.includes(axis)) ?? true
}

function unresolved(open: readonly FileInput[]): LetiError {
  const named = open.slice(0, 9)
  const labels = named.map(({ name }) => `"${printable(name)}"`)
  const shapes = named.map(({ name, shape }) => `${printable(name)}:${sizesOf(shape)}`)
  const [subject, it] = open.length === 1 ? ['input', 'it'] : ['inputs', 'them']
  const verb = open.length === 1 ? 'has' : 'have'
  const given = open.length === 1 ? shapes[0] : `'${shapes.join(' ')}'`
  return new LetiError(
    'unsupported',
    `${subject} ${labels.join(', ')} ${verb} no fixed shape; set ${it} with --input-shape ${given}`,
  )
}

/** Why an input with this shape in the file cannot have the shape that is asked for. */
function reasonAgainst(asked: Shape, shape: Shape | undefined): string | undefined {
  if (!isShape(asked)) return 'it is too large'
  if (asked.length === 4 && asked[0] !== 1) return 'the batch of images must be 1'
  const isWithin =
    !shape ||
    (asked.length === shape.length &&
      shape.every((size, axis) => size === -1 || size === asked[axis] || isBatchOfOne(asked, axis)))
  return isWithin ? undefined : `in the file it is ${sizesOf(shape)}`
}

/** A file that fixes a larger batch can be read at batch 1. */
function isBatchOfOne(asked: Shape, axis: number): boolean {
  return axis === 0 && asked.length > 1 && asked[0] === 1
}

function sizesOf(shape: Shape | undefined): string {
  return shape?.map((size) => (size === -1 ? '?' : size)).join() ?? '...'
}
