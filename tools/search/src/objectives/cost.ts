import { Featurizer } from '@leti/features'
import { FILE_SPACE, openNetwork } from '@leti/formats'
import { operatorCosts } from '@leti/network'
import type { LetiRecord } from '@leti/records'
import type { Objective } from './objective.js'

/** The work or the size of a network as it is written, which often stands for its accuracy. */
export function costObjective(name: 'macs' | 'parameters'): Objective {
  // It computes once what cells of one graph have in common.
  const featurizer = new Featurizer({ sets: ['proxies'] })
  const valueOf = async (record: LetiRecord): Promise<number> => {
    const known = record.features?.[name]
    if (known !== undefined) return known
    if (record.arch?.space !== FILE_SPACE) return featurizer.featurize(record).features[name]
    const { written } = await openNetwork(record)
    return operatorCosts(written).reduce((sum, cost) => sum + cost[name], 0)
  }
  return {
    name,
    isSlow: false,
    valuesOf: (records) => Promise.all(records.map(valueOf)),
    close: () => undefined,
  }
}
