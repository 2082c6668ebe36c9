import type { Features } from '@leti/records'

/** A power of two. Networks that follow each other often have equal features: a few thousand suffice. */
const SLOTS = 2048

/** Features as numbers, and as an object. */
interface Known {
  readonly numbers: Float64Array
  readonly features: Features
}

/**
 * Makes objects of features that are computed as numbers. Equal numbers give the same object, as long as it is kept,
 * which must not be changed: what follows from it need not be computed again.
 */
export class FeatureObjects {
  readonly names: readonly string[]
  private readonly template: Features
  private readonly values: Float64Array
  /** By a hash of the numbers. */
  private readonly slots = new Array<Known | undefined>(SLOTS)

  /** @param example features of any network: all have the same names */
  constructor(example: Features) {
    // An object that grew member by member is a hash table to V8, which takes a hundred times as long to copy.
    this.template = JSON.parse(JSON.stringify(example)) as Features
    this.names = Object.keys(this.template)
    this.values = Float64Array.from(Object.values(this.template))
  }

  /** @param numbers in the order of the names; copied */
  of(numbers: Float64Array): Features {
    const slot = hashOf(numbers) & (SLOTS - 1)
    const known = this.slots[slot]
    if (known && areEqual(known.numbers, numbers)) return known.features
    const features = this.newObject(numbers)
    this.slots[slot] = { numbers: numbers.slice(), features }
    return features
  }

  private newObject(numbers: Float64Array): Features {
    const { names, values } = this
    // A copy is several times as fast as a new object of as many members. Many stay as they are.
    const features = { ...this.template }
    for (let i = 0; i < numbers.length; i++) {
      if (numbers[i] !== values[i]) features[names[i]] = numbers[i]
    }
    return features
  }
}

function hashOf(numbers: Float64Array): number {
  const words = new Int32Array(numbers.buffer, numbers.byteOffset, 2 * numbers.length)
  let hash = 0
  for (const word of words) hash = Math.imul(hash ^ word, 0x9e3779b1) ^ (hash >>> 15)
  return hash ^ (hash >>> 16)
}

function areEqual(a: Float64Array, b: Float64Array): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}
