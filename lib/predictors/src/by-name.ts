import type { Schema } from '@leti/records'

/** The `properties` of an object whose members, named in a list, all have the same schema. */
export function byName<Name extends string, const S extends Schema>(
  names: readonly Name[],
  schema: S,
): Readonly<Record<Name, S>> {
  return Object.fromEntries(names.map((name) => [name, schema])) as Record<Name, S>
}
