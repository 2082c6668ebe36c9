import { checked, type Schema, type Static } from '@leti/records'

/** JSON in Redis, where whoever reaches it can write: `undefined` if it does not fit the schema. */
export function parsed<const S extends Schema>(text: string, schema: S): Static<S> | undefined {
  try {
    return checked(JSON.parse(text), schema, 'bad-input')
  } catch {
    return undefined
  }
}
