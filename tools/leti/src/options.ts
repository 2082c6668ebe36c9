import { optionalChoiceOption } from '@leti/pipe'
import { SCHEMAS } from './schemas.js'

const SCHEMA_NAMES = Object.keys(SCHEMAS)

/** The options of `leti` without the name of a tool. */
export const OPTIONS = {
  help: { type: 'boolean', alias: 'h', describe: 'Show help' },
  schema: optionalChoiceOption(
    'schema',
    `Print the JSON Schema of a file format: ${SCHEMA_NAMES.join(', ')}`,
    SCHEMA_NAMES,
  ),
  version: { type: 'boolean', describe: 'Show version number' },
} as const
