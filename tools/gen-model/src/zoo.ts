import { numberOption } from '@leti/pipe'
import { LetiError, messageOf, type LetiRecord } from '@leti/records'
import { ZOO_NAMES, zooRecord } from '@leti/spaces'

export const zooOptions = {
  zoo: {
    type: 'string',
    requiresArg: true,
    describe: 'Networks of the zoo, by name, in place of records: NAME[,NAME], or all',
  },
  resolution: numberOption('resolution', 'Height and width of their images, in pixels', {
    min: 1,
    integer: true,
  }),
  width: numberOption('width', 'Their width multiplier, where they have several', { min: 0 }),
} as const

interface ZooChoice {
  readonly zoo?: string
  readonly resolution?: number
  readonly width?: number
  readonly files: readonly string[]
}

/**
 * The records of the networks that were asked for by name; undefined where none were.
 *
 * @throws {LetiError} `usage` where the zoo has no such network, or something else was asked for too
 */
export function zooRecords({ zoo, files, ...options }: ZooChoice): LetiRecord[] | undefined {
  const { resolution, width } = options
  if (zoo === undefined) {
    if (resolution === undefined && width === undefined) return undefined
    throw new LetiError('usage', '--resolution and --width are of --zoo')
  }
  if (files.length > 0) throw new LetiError('usage', '--zoo takes no files')
  const names = zoo === 'all' ? ZOO_NAMES : zoo.split(',').map((name) => name.trim())
  try {
    return names.map((name) => zooRecord(name, { resolution, width }))
  } catch (error) {
    throw new LetiError('usage', messageOf(error), { cause: error })
  }
}
