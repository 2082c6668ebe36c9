import type { Io } from '@leti/pipe'
import { LetiError } from '@leti/records'
import type { SearchOptions } from '../options.js'
import { accuracyObjective } from './accuracy.js'
import { CommandObjective } from './command.js'
import { costObjective } from './cost.js'
import type { Objective } from './objective.js'
import { readAccuracies } from './read-accuracies.js'

type ObjectiveOptions = Pick<SearchOptions, 'objective' | 'accuracy' | 'space' | 'timeout'>

/** The objective that the options name. */
export async function openObjective(options: ObjectiveOptions, io: Io): Promise<Objective> {
  const { accuracy: file, timeout } = options
  const name = options.objective ?? (file === undefined ? 'macs' : 'accuracy')
  if (file !== undefined && name !== 'accuracy') {
    throw new LetiError('usage', `--accuracy and --objective ${name} exclude each other`)
  }
  switch (name) {
    case 'macs':
    case 'parameters':
      return costObjective(name)
    case 'accuracy':
      return accuracyObjective(
        file === undefined ? undefined : { file, accuracies: await readAccuracies(file, io) },
      )
    default:
      return new CommandObjective(name, timeout, io)
  }
}
