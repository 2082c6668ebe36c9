import { featurize, Featurizer, type FeaturizeOptions } from '@leti/features'
import { FILE_SPACE, openNetwork, unknownWork } from '@leti/formats'
import { batchWork, changedText, recordOf, type BatchWork } from '@leti/pipe'
import type { LetiRecord } from '@leti/records'

/**
 * Adds features to the records of batches.
 *
 * @param options in a form that can be sent to a worker thread
 */
export function featurizing(options: FeaturizeOptions): BatchWork {
  const featurizer = new Featurizer(options)
  const featurized = async (record: LetiRecord): Promise<object> => {
    // Undefined replaces a member of an earlier run, which may be out of date.
    if (record.arch?.space !== FILE_SPACE) {
      return { ...record, ...featurizer.featurize(record), unknown: undefined }
    }
    const network = await openNetwork(record)
    return { ...record, ...featurize(network, options), unknown: unknownWork(network.executed) }
  }
  return batchWork('featurize', async (line, reports) => {
    const placed = recordOf(line, reports)
    if (!placed) return undefined
    return changedText(reports, placed, async (record) => JSON.stringify(await featurized(record)))
  })
}
