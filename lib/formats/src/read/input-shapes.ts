import type { Shape } from '@leti/network'
import { isObject, LetiError } from '@leti/records'
import { printable } from './names.js'

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
    throw new LetiError('bad-arch', `which input has the shape ${asked.join()}: one of ${known}`)
  }
  const unknown = Object.keys(asked).find((name) => !names.includes(name))
  if (unknown === undefined) return new Map(Object.entries(asked))
  throw new LetiError('bad-arch', `no input is called ${printable(unknown)}: the file has ${known}`)
}

function resolved({ name, shape }: FileInput, asked: Shape | undefined): Shape {
  const label = printable(name)
  const said = shape?.map((size) => (size === -1 ? '?' : size)).join() ?? '...'
  if (asked) {
    if (asked.length === 4 && asked[0] !== 1) {
      throw new LetiError('bad-arch', `the input ${label} is of images: of one, not ${asked[0]}`)
    }
    if (!shape || isWithin(asked, shape)) return asked
    throw new LetiError(
      'bad-arch',
      `the input ${label} is ${said} in the file, not ${asked.join()}`,
    )
  }
  if (shape && !shape.slice(1).includes(-1)) return shape.map((size) => (size === -1 ? 1 : size))
  throw new LetiError(
    'unsupported',
    `the input ${label} has no fixed shape: give it with --input-shape ${label}:${said}`,
  )
}

function isWithin(asked: Shape, shape: Shape): boolean {
  return (
    asked.length === shape.length &&
    shape.every((size, axis) => size === -1 || size === asked[axis])
  )
}
