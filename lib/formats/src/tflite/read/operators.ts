import type { BuiltinName } from '../schema.js'
import { MOVEMENTS } from './axes.js'
import type { OperatorReader } from './call.js'
import { CONSTANTS } from './constant-operators.js'
import { CONVOLUTIONS, transposeConvBias } from './convolutions.js'
import { ELEMENTWISE, OTHERS, type ByTable } from './elementwise.js'
import { IMAGES } from './images.js'
import type { ParsedOperator } from './parse.js'

/**
 * Readers of the builtin operators of the schema, except those in the tables of names: all are read. `IF`
 * has a graph, which the reader of graphs reads.
 */
const BUILTIN_READERS: Readonly<Record<Exclude<BuiltinName, ByTable | 'IF'>, OperatorReader>> = {
  ...CONVOLUTIONS,
  ...OTHERS,
  ...MOVEMENTS,
  ...IMAGES,
  ...CONSTANTS,
}

const READERS: ReadonlyMap<string, OperatorReader> = new Map([
  ...ELEMENTWISE,
  ...Object.entries(BUILTIN_READERS),
])

/** Readers of custom operators, by the names that files give them. */
const CUSTOM_READERS: ReadonlyMap<string, OperatorReader> = new Map([
  ['Convolution2DTransposeBias', transposeConvBias],
])

/** @returns undefined if LETI does not know the operator */
export function readerOf({ name, isCustom }: ParsedOperator): OperatorReader | undefined {
  return (isCustom ? CUSTOM_READERS : READERS).get(name)
}
