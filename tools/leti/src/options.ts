/** The options of `leti` without the name of a tool. */
export const OPTIONS = {
  help: { type: 'boolean', alias: 'h', describe: 'Show help' },
  version: { type: 'boolean', describe: 'Show version number' },
} as const
