import { elements, type Shape } from '@leti/network'
import { isObject, LetiError } from '@leti/records'
import { zeros, type Constant } from './constant.js'
import { printable } from './names.js'

/**
 * Numbers that the user fixes, by the names of inputs or of conditions: where a file chooses its work by
 * them, they say which work is meant.
 */
export class FixedNumbers {
  private readonly numbers: ReadonlyMap<string, number>
  private readonly unused: Set<string>

  /** @param asked the `InputShapes` that the user asks for */
  constructor(asked: unknown) {
    const entries = isObject(asked) ? Object.entries(asked) : []
    this.numbers = new Map(
      entries.flatMap(([name, of]) => (typeof of === 'number' ? [[name, of]] : [])),
    )
    this.unused = new Set(this.numbers.keys())
  }

  /** Whether all are numbers of inputs, of which the names are given. */
  areOf(inputs: readonly string[]): boolean {
    return [...this.numbers.keys()].every((name) => inputs.includes(name))
  }

  has(name: string): boolean {
    return this.numbers.has(name) || this.numbers.has(printable(name))
  }

  /** The number of a tensor, whose name may be written as errors print it. */
  of(name: string): number | undefined {
    const key = this.numbers.has(name) ? name : printable(name)
    this.unused.delete(key)
    return this.numbers.get(key)
  }

  /** The constant that an input becomes. */
  constantOf(name: string, shape: Shape, isFloat: boolean): Constant | undefined {
    const number = this.of(name)
    if (number === undefined) return undefined
    return { shape, isFloat, read: () => zeros(elements(shape), isFloat).fill(number) }
  }

  /**
   * @param inputs names of the file's inputs
   * @throws {LetiError} `bad-arch` if a name is neither that of an input nor of a condition
   */
  checkUsed(inputs: readonly string[]): void {
    const [unknown] = this.unused
    if (unknown === undefined) return
    const known = inputs.slice(0, 9).map(printable).join(', ')
    throw new LetiError(
      'bad-arch',
      `"${printable(unknown)}" is no input and chooses no branch; the inputs of the file are: ${known}`,
    )
  }
}
