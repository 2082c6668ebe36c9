import type { InputShapes } from '@leti/formats'
import { isObject, LetiError } from '@leti/records'

export const inputShapeOption = {
  'input-shape': {
    type: 'string',
    requiresArg: true,
    describe: "Shape of an input that the file leaves open: 1,3,224,224; of several: 'x:1,3 y:1,4'",
    coerce: (value: string | undefined) => (value === undefined ? undefined : parsed(value)),
  },
} as const

/** The name, which may contain colons, and the sizes. */
const FORM = /^(?:(?<name>.+):)?(?<sizes>[1-9]\d*(?:,[1-9]\d*)*)$/

/** @throws {LetiError} `usage` if the value is not a list of shapes */
function parsed(value: string): InputShapes {
  const shapes = value.trim().split(/\s+/).map(parsedOne)
  const [first] = shapes
  if (shapes.length === 1 && first.name === undefined) return first.sizes
  return Object.fromEntries(
    shapes.map(({ name, sizes }) => {
      if (name === undefined)
        throw misshapen(sizes.join(), 'name each of several shapes, as in x:1,3 y:1,4')
      return [name, sizes]
    }),
  )
}

function parsedOne(text: string): { name: string | undefined; sizes: number[] } {
  const groups = FORM.exec(text)?.groups
  if (!groups) throw misshapen(text, 'expected a shape such as 1,3,224,224 or x:1,3,224,224')
  return { name: groups.name, sizes: groups.sizes.split(',').map(Number) }
}

function misshapen(text: string, form: string): LetiError {
  return new LetiError('usage', `--input-shape: "${text}": ${form}`)
}

/** Suffix that distinguishes the networks of one file, such as `-1x3x224x224`. */
export function shapeSuffix(shapes: InputShapes): string {
  if (!isObject(shapes)) return `-${shapes.join('x')}`
  const names = Object.keys(shapes).sort()
  return names.map((name) => shapeSuffix(shapes[name])).join('')
}
