import type { Schema } from '@leti/records'

/** The published JSON Schemas, by the name that `leti --schema` takes. */
export const SCHEMAS: Readonly<Record<string, () => Promise<Schema>>> = {
  record: async () => (await import('@leti/records')).RECORD_SCHEMA,
  predictor: async () => (await import('@leti/predictors')).PREDICTOR_SCHEMA,
}

/** The text of a schema, as `leti --schema` prints it and as the package holds it in a file. */
export async function schemaText(name: string): Promise<string> {
  return JSON.stringify(await SCHEMAS[name](), null, 2)
}
