import type { Schema } from '@leti/records'

/** The published JSON Schemas: of the records, which `leti --schema record` prints, and so on. */
export const SCHEMAS: Readonly<Record<string, () => Promise<Schema>>> = {
  record: async () => (await import('@leti/records')).RECORD_SCHEMA,
}

/** The text of a schema, as `leti --schema` prints it and as the package holds it in a file. */
export async function schemaText(name: string): Promise<string> {
  return JSON.stringify(await SCHEMAS[name](), null, 2)
}
