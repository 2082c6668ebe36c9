import { LetiError, messageOf, type LetiRecord } from '@leti/records'
import { NCNN_NAMES, ncnnRecord, ZOO_NAMES, zooRecord } from '@leti/spaces'

/** The networks that options name. */
export interface ZooChoice {
  readonly zoo?: string | undefined
  readonly ncnn?: string | undefined
  readonly resolution?: number | undefined
  readonly width?: number | undefined
  readonly 'num-labels'?: number | undefined
  readonly files: readonly string[]
}

/**
 * The records of the networks that `--zoo` or `--ncnn` names; undefined without these options.
 *
 * @throws {LetiError} `usage` if a name is unknown, or the options exclude each other
 */
export function zooRecords({ zoo, ncnn, files, ...options }: ZooChoice): LetiRecord[] | undefined {
  const { resolution, width, 'num-labels': num_labels } = options
  const isChanged = [resolution, width, num_labels].some((given) => given !== undefined)
  if (zoo === undefined && isChanged) {
    throw new LetiError('usage', '--resolution, --width and --num-labels require --zoo')
  }
  const chosen = zoo ?? ncnn
  if (chosen === undefined) return undefined
  if (files.length > 0) throw new LetiError('usage', '--zoo and --ncnn take no files')
  try {
    if (zoo === undefined) return namesIn(chosen, NCNN_NAMES).map(ncnnRecord)
    return namesIn(chosen, ZOO_NAMES).map((name) =>
      zooRecord(name, { resolution, width, num_labels }),
    )
  } catch (error) {
    throw new LetiError('usage', messageOf(error), { cause: error })
  }
}

function namesIn(list: string, all: readonly string[]): readonly string[] {
  return list === 'all' ? all : list.split(',').map((name) => name.trim())
}
