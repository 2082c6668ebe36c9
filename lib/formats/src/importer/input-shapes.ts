import type { Shape } from '@leti/network'
import { isObject, LetiError } from '@leti/records'
import { printable } from './names.js'
import { isShape } from './shapes.js'

/**
 * Shapes that are asked for, in the file's own order of axes and with the batch: that of the only
 * input, or those of several by their names.
 */
export type InputShapes = Shape | Readonly<Record<string, Shape>>

/** Whether something from outside is such. */
export function isInputShapes(value: unknown): value is InputShapes {
  return isObject(value) ? Object.values(value).every(isAskable) : isAskable(value)
}

function isAskable(value: unknown): boolean {
  return Array.isArray(value) && value.every((size) => Number.isInteger(size) && size > 0)
}

/** An input as a file has it: sizes that are open are -1, and there is no shape where all is open. */
export interface FileInput {
  readonly name: string
  readonly shape?: Shape | undefined
}

/**
 * The shapes that a file's inputs have: its own, and where it leaves sizes open those that are asked
 * for. The batch alone may stay open: it is 1.
 *
 * @throws {LetiError} `unsupported` where another size stays open, `bad-arch` where what is asked for
 *   names no input or is not what the file says
 */
export function inputShapes(
  inputs: readonly FileInput[],
  asked: InputShapes | undefined,
): readonly Shape[] {
  const byName = askedByName(inputs, asked)
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
      `name the input of the shape ${asked.join()}: the file has ${known}`,
    )
  }
  const unknown = Object.keys(asked).find((name) => !names.includes(name))
  if (unknown === undefined) return new Map(Object.entries(asked))
  throw new LetiError('bad-arch', `no input is called ${printable(unknown)}: the file has ${known}`)
}

function resolved({ name, shape }: FileInput, asked: Shape | undefined): Shape {
  const label = printable(name)
  if (asked) {
    const wrong = reasonAgainst(asked, shape)
    if (wrong === undefined) return asked
    throw new LetiError('bad-arch', `the input ${label} cannot be ${asked.join()}: ${wrong}`)
  }
  if (shape && !shape.slice(1).includes(-1)) return shape.map((size) => (size === -1 ? 1 : size))
  throw new LetiError(
    'unsupported',
    `the input ${label} has no fixed shape: give it with --input-shape ${label}:${sizesOf(shape)}`,
  )
}

/** Why an input of this shape in the file cannot have the one that is asked for. */
function reasonAgainst(asked: Shape, shape: Shape | undefined): string | undefined {
  if (!isShape(asked)) return 'no memory holds it'
  if (asked.length === 4 && asked[0] !== 1) return 'images come one at a time'
  const isWithin =
    !shape ||
    (asked.length === shape.length &&
      shape.every((size, axis) => size === -1 || size === asked[axis]))
  return isWithin ? undefined : `it is ${sizesOf(shape)} in the file`
}

function sizesOf(shape: Shape | undefined): string {
  return shape?.map((size) => (size === -1 ? '?' : size)).join() ?? '...'
}
