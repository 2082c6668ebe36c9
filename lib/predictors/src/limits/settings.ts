import { isObject, LetiError, type Arch, type Schema, type Static } from '@leti/records'

/** Members of `arch` that scale a network and choose no operators; all members of its `config` do too. */
const SCALING = ['resolution', 'width', 'head_filter_size', 'num_labels', 'batch']

/** Stands for a member that a record leaves out. */
const PUBLISHED = 'the published value'

export const SETTINGS = {
  type: 'object',
  description: 'For each search space, the values of the settings in `arch` in the training set.',
  additionalProperties: {
    type: 'object',
    additionalProperties: {
      type: 'array',
      items: { type: 'string' },
      description: `The values: 64, 32x32x3; "${PUBLISHED}" if a record leaves the setting out.`,
    },
  },
} as const satisfies Schema

/** For each search space and setting, the values in the training set. */
export type SeenSettings = Static<typeof SETTINGS>

/** The settings of one architecture, by the names of records: `config.stem_filter_size`. */
function settingsOf(arch: Arch): Map<string, string> {
  const found = new Map<string, string>()
  for (const name of SCALING) {
    if (arch[name] !== undefined) found.set(name, toValue(arch[name]))
  }
  if (arch.batch === 1) found.delete('batch')
  const { config } = arch
  if (isObject(config)) {
    for (const name in config) found.set(`config.${name}`, toValue(config[name]))
  } else if (config !== undefined) found.set('config', toValue(config))
  return found
}

/** A shape is written as 32x32x3. */
function toValue(value: unknown): string {
  if (Array.isArray(value)) return value.join('x')
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** Collects the values of all settings. */
export function seenSettings(archs: readonly Arch[]): SeenSettings {
  const seen: Record<string, Record<string, string[]>> = {}
  for (const space of new Set(archs.map((arch) => arch.space))) {
    const each = archs.filter((arch) => arch.space === space).map(settingsOf)
    const names = [...new Set(each.flatMap((settings) => [...settings.keys()]))].sort()
    const valuesOf = (name: string): string[] => [
      ...new Set(each.map((settings) => settings.get(name) ?? PUBLISHED)),
    ]
    seen[space] = Object.fromEntries(names.map((name) => [name, valuesOf(name)]))
  }
  return seen
}

/**
 * Refuses a network with a setting that no training network had. Between the least and the greatest number
 * the features say what the setting does; so they do if the network leaves out a resolution, a width or the
 * like, since its published value may be one that was seen.
 *
 * @throws {LetiError} `out-of-domain`
 */
export function checkSettings(seen: SeenSettings, arch: Arch): void {
  if (!Object.hasOwn(seen, arch.space)) return
  const known = seen[arch.space]
  const own = settingsOf(arch)
  for (const name of new Set([...own.keys(), ...Object.keys(known)])) {
    const values = Object.hasOwn(known, name) ? known[name] : [PUBLISHED]
    const value = own.get(name) ?? PUBLISHED
    if (value === PUBLISHED && SCALING.includes(name)) continue
    if (values.includes(value) || isBetween(value, values)) continue
    const message = `"arch.${name}" is ${value}: the predictor was trained on ${inWords(values)}`
    throw new LetiError('out-of-domain', message)
  }
}

/** Whether each number of a value lies between those of the values. */
function isBetween(value: string, values: readonly string[]): boolean {
  const all = values.filter((other) => other !== PUBLISHED).map(numbersOf)
  return numbersOf(value).every((number, i) => {
    const others = all.map((numbers) => numbers[i])
    return number >= Math.min(...others) && number <= Math.max(...others)
  })
}

/** The numbers of 32x32x3; NaN for a part that is none. */
function numbersOf(value: string): number[] {
  return value.split('x').map(Number)
}

function inWords(values: readonly string[]): string {
  if (values.length === 1) return `${values[0]} only`
  const [first, ...rest] = values.toSorted((a, b) => numbersOf(a)[0] - numbersOf(b)[0])
  return rest.length < 5
    ? [first, ...rest].join(', ')
    : `${values.length} values from ${first} to ${rest.at(-1)}`
}
