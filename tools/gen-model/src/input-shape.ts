import type { InputShapes } from '@leti/formats'
import { isObject, LetiError } from '@leti/records'

export const inputShapeOption = {
  'input-shape': {
    type: 'string',
    requiresArg: true,
    describe:
      "Shape of an input that the file leaves open: 1,3,224,224; of several: 'x:1,3 y:1,4'; n=2 fixes the numbers of an input",
    coerce: (value: string | undefined) => (value === undefined ? undefined : parsed(value)),
  },
} as const

/** The name, which may contain colons, and the sizes. */
const FORM = /^(?:(?<name>.+):)?(?<sizes>[1-9]\d*(?:,[1-9]\d*)*)$/
/** The name of an input, or of a condition, and the number that it is to have. */
const FIXED = /^(?<name>.+)=(?<number>-?\d+(?:\.\d+)?)$/

/** @throws {LetiError} `usage` if the value is not a list of shapes */
function parsed(value: string): InputShapes {
  const shapes = value.trim().split(/\s+/).map(parsedOne)
  const [first] = shapes
  if (shapes.length === 1 && first.name === undefined && isList(first.value)) return first.value
  return Object.fromEntries(
    shapes.map(({ name, value: of }) => {
      if (name === undefined)
        throw misshapen(String(of), 'name each of several shapes, as in x:1,3 y:1,4')
      return [name, of]
    }),
  )
}

interface Asked {
  readonly name: string | undefined
  /** Sizes, or a number to fix. */
  readonly value: readonly number[] | number
}

function isList(value: Asked['value']): value is readonly number[] {
  return typeof value !== 'number'
}

function parsedOne(text: string): Asked {
  const fixed = FIXED.exec(text)?.groups
  if (fixed) return { name: fixed.name, value: Number(fixed.number) }
  const groups = FORM.exec(text)?.groups
  if (!groups) throw misshapen(text, 'expected a shape such as 1,3,224,224 or x:1,3,224,224')
  return { name: groups.name, value: groups.sizes.split(',').map(Number) }
}

function misshapen(text: string, form: string): LetiError {
  return new LetiError('usage', `--input-shape: "${text}": ${form}`)
}

/** Suffix that distinguishes the networks of one file, such as `-1x3x224x224`, and `-v2` for a number. */
export function shapeSuffix(shapes: InputShapes): string {
  if (!isObject(shapes)) return `-${shapes.join('x')}`
  const values = Object.keys(shapes)
    .sort()
    .map((name) => shapes[name])
  return values.map((of) => (typeof of === 'number' ? `-v${of}` : shapeSuffix(of))).join('')
}
