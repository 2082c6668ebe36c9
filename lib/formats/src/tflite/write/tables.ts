import type { Builder } from 'flatbuffers'
import type { OptionValues } from './graph.js'
import type { OptionsTable } from '../schema.js'

/** A field of a table. A value that equals the default is not written. */
export interface Field {
  readonly kind: 'byte' | 'int' | 'float' | 'offset'
  readonly value: number
  readonly default?: number
}

/**
 * Adds a table. The tables and vectors that its fields point to must have been added before.
 *
 * @param fields in the order of the schema; undefined: absent
 * @returns the table's offset
 */
export function addTable(builder: Builder, fields: readonly (Field | undefined)[]): number {
  builder.startObject(fields.length)
  fields.forEach((field, slot) => {
    if (!field) return
    const { kind, value, default: fallback = 0 } = field
    if (kind === 'byte') builder.addFieldInt8(slot, value, fallback)
    else if (kind === 'int') builder.addFieldInt32(slot, value, fallback)
    else if (kind === 'float') builder.addFieldFloat32(slot, value, fallback)
    else builder.addFieldOffset(slot, value, 0)
  })
  return builder.endObject()
}

/** Adds a table of options. Fields that `values` lacks have their defaults. */
export function addOptions(builder: Builder, table: OptionsTable, values: OptionValues): number {
  const fields = Object.entries(table.fields).map(([name, type]): Field => {
    const value = values[name] ?? type.default
    if (typeof value === 'object') return ints(builder, value)
    return { kind: type.kind === 'ints' ? 'offset' : type.kind, value, default: type.default }
  })
  return addTable(builder, fields)
}

export function ints(builder: Builder, values: readonly number[]): Field {
  builder.startVector(4, values.length, 4)
  for (const value of values.toReversed()) builder.addInt32(value)
  return { kind: 'offset', value: builder.endVector() }
}

export function offsets(builder: Builder, values: readonly number[]): Field {
  builder.startVector(4, values.length, 4)
  for (const value of values.toReversed()) builder.addOffset(value)
  return { kind: 'offset', value: builder.endVector() }
}
