import { asLetiError, type LetiRecord } from '@leti/records'
import { ZOO_NAMES, zooRecord, type ZooOptions } from '@leti/spaces'
import { uniformInt } from 'pure-rand/distribution/uniformInt'
import type { SearchSpace } from './space.js'

/** The zoo: a list of networks, without any that lacks the options. */
export function zooSpace(options: ZooOptions): SearchSpace<number> {
  const records = ZOO_NAMES.flatMap((name) => recordOf(name, options) ?? [])
  const draw: SearchSpace<number>['draw'] = (random) => uniformInt(random, 0, records.length - 1)
  return {
    draw,
    mutate: (_, random) => draw(random),
    record: (number) => records[number],
    all: () => records,
    count: records.length,
  }
}

function recordOf(name: string, options: ZooOptions): LetiRecord | undefined {
  try {
    return zooRecord(name, options)
  } catch (error) {
    if (asLetiError(error)) return undefined
    throw error
  }
}
