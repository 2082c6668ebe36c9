import {
  isObject,
  LetiError,
  withPublished,
  type Arch,
  type Schema,
  type Static,
} from '@leti/records'

/** Members of `arch` that scale a network and choose no operators; all members of its `config` do too. */
const SCALING = ['resolution', 'width', 'head_filter_size', 'num_labels', 'batch']

/** Stands for a member that a record leaves out, if its space has no published value of it. */
const PUBLISHED = 'the published value'

export const SETTINGS = {
  type: 'object',
  description: 'For each search space, the values of the settings in `arch` in the training set.',
  additionalProperties: {
    type: 'object',
    additionalProperties: {
      type: 'array',
      items: { type: 'string' },
      description:
        'The values: 64, 32x32x3. What a record leaves out has the value of the published networks; ' +
        `"${PUBLISHED}" if there is none, and in old files.`,
    },
  },
} as const satisfies Schema

/** For each search space and setting, the values in the training set. */
export type SeenSettings = Static<typeof SETTINGS>

/** The settings of one architecture, by the names of records: `config.stem_filter_size`. */
function settingsOf(given: Arch): Map<string, string> {
  const arch = withPublished(given)
  const found = new Map<string, string>()
  for (const name of SCALING) {
    if (arch[name] !== undefined) found.set(name, toValue(arch[name]))
  }
  const { config } = arch
  if (isObject(config)) {
    for (const name in config) found.set(`config.${name}`, toValue(config[name]))
  } else if (config !== undefined) found.set('config', toValue(config))
  return found
}

/** Equal for architectures with the same settings, unless their names or what they leave out differ. */
export function settingsKey(arch: Arch): string {
  let key = `${arch.space} ${textOf(arch.name)} ${textOf(arch.config)}`
  for (const member of SCALING) key += ` ${textOf(arch[member])}`
  return key
}

function textOf(value: unknown): string {
  return value === undefined ? '' : JSON.stringify(value)
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
 * like that its space does not publish: it may be one that was seen.
 *
 * @throws {LetiError} `out-of-domain`
 */
export function checkSettings(seen: SeenSettings, arch: Arch): void {
  if (!Object.hasOwn(seen, arch.space)) return
  const known = seen[arch.space]
  const own = settingsOf(arch)
  for (const name of new Set([...own.keys(), ...Object.keys(known)])) {
    const values = writtenOut(Object.hasOwn(known, name) ? known[name] : [PUBLISHED], name, arch)
    const value = own.get(name) ?? PUBLISHED
    if (value === PUBLISHED && SCALING.includes(name)) continue
    if (values.includes(value) || isBetween(value, values)) continue
    const message = `"arch.${name}" is ${value}: the predictor was trained on ${inWords(values)}`
    throw new LetiError('out-of-domain', message)
  }
}

/** The values of a setting with the published one written out, which old files do not do. */
function writtenOut(values: readonly string[], setting: string, arch: Arch): readonly string[] {
  if (!values.includes(PUBLISHED)) return values
  const { space, name } = arch
  const published = settingsOf({ space, ...(name !== undefined && { name }) }).get(setting)
  return values.map((value) => (value === PUBLISHED ? (published ?? value) : value))
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
