import { elements } from '@leti/network'
import { LetiError } from '@leti/records'
import { printable } from '../../importer/names.js'
import type { Constant, Numbers } from '../../importer/constant.js'
import { fromHalf } from '../../weights/half.js'
import { damaged, list, object, sizes, text, type Json } from './json.js'

/** Weight files, and the weights that their concatenation holds. */
export interface WeightGroup {
  readonly paths: readonly string[]
  readonly weights: readonly Json[]
}

/** @throws {LetiError} `bad-model` */
export function weightGroups(manifest: unknown): WeightGroup[] {
  return list(manifest, 'weightsManifest').map((entry) => {
    const group = object(entry, 'a group of weights')
    return {
      paths: list(group.paths, 'paths').map((path) => text(path, 'a path of weights')),
      weights: list(group.weights, 'weights').map((spec) => object(spec, 'a weight')),
    }
  })
}

/**
 * The weights of a group, by their names. Strings are skipped.
 *
 * @param bytes of the group's files, concatenated
 * @throws {LetiError} `bad-model`, `unsupported`
 */
export function groupConstants(
  { weights }: WeightGroup,
  bytes: Uint8Array,
): (readonly [string, Constant])[] {
  let start = 0
  const take = (length: number): Uint8Array => {
    const part = bytes.subarray(start, start + length)
    if (part.length < length) throw damaged('its weight files are too short')
    start += length
    return part
  }
  const constants: (readonly [string, Constant])[] = []
  for (const spec of weights) {
    const name = text(spec.name, 'the name of a weight')
    const shape = sizes(spec.shape, `the shape of ${printable(name)}`)
    if (spec.dtype === 'string') {
      skipTexts(elements(shape), take)
      continue
    }
    const stored = storageOf(spec, name)
    const part = take(elements(shape) * stored.width)
    const isFloat = spec.dtype === 'float32'
    constants.push([name, { name, shape, isFloat, read: () => stored.decode(part) }])
  }
  return constants
}

interface Storage {
  readonly width: number
  readonly decode: (bytes: Uint8Array) => Numbers
}

const RAW: Readonly<Record<string, Storage>> = {
  float32: { width: 4, decode: (bytes) => new Float32Array(aligned(bytes)) },
  int32: { width: 4, decode: (bytes) => Float64Array.from(new Int32Array(aligned(bytes))) },
  bool: { width: 1, decode: (bytes) => Float64Array.from(bytes) },
}

function storageOf({ dtype, quantization }: Json, name: string): Storage {
  const type = text(dtype, `the type of ${printable(name)}`)
  if (!Object.hasOwn(RAW, type)) throw unreadable(name, type)
  if (quantization === undefined) return RAW[type]
  const of = object(quantization, 'a quantization')
  if (of.dtype === 'float16' && type === 'float32') {
    return { width: 2, decode: (bytes) => fromHalf(new Uint16Array(aligned(bytes))) }
  }
  const scale = Number(of.scale)
  const min = Number(of.min)
  if (!Number.isFinite(scale) || !Number.isFinite(min))
    throw damaged('a quantization lacks its scale or minimum')
  const value = (code: number): number => code * scale + min
  const values = (codes: Uint8Array | Uint16Array): Numbers =>
    type === 'float32'
      ? Float32Array.from(codes, value)
      : Float64Array.from(codes, (code) => Math.round(value(code)))
  if (of.dtype === 'uint8') return { width: 1, decode: values }
  if (of.dtype === 'uint16') {
    return { width: 2, decode: (bytes) => values(new Uint16Array(aligned(bytes))) }
  }
  throw unreadable(name, String(of.dtype))
}

/** Each string follows its length in bytes. */
function skipTexts(count: number, take: (length: number) => Uint8Array): void {
  for (let text = 0; text < count; text++) {
    take(new DataView(aligned(take(4))).getUint32(0, true))
  }
}

/** Typed arrays need aligned bytes: a copy has them. */
function aligned(bytes: Uint8Array): ArrayBuffer {
  return Uint8Array.from(bytes).buffer
}

function unreadable(name: string, type: string): LetiError {
  return new LetiError(
    'unsupported',
    `weight "${printable(name)}" has data type ${printable(type)}`,
  )
}
