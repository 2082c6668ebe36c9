import {
  allArchitectures,
  choiceRecord,
  drawChoices,
  fbnet,
  nb201,
  type Choices,
  type RecordSettings,
} from '@leti/spaces'
import { uniformInt } from 'pure-rand/distribution/uniformInt'
import type { SearchSpace } from './space.js'

const CHOICES: Readonly<Record<'nb201' | 'fbnet', Choices<never> | undefined>> = {
  nb201: nb201.choices,
  fbnet: fbnet.choices,
}

/** A space of independent choices. A mutation makes one choice anew, as NAS-Bench-201's authors do. */
export function choiceSpace(
  name: 'nb201' | 'fbnet',
  settings: RecordSettings,
): SearchSpace<readonly number[]> {
  const choices = CHOICES[name] as Choices<never>
  const { list } = choices
  return {
    draw: (random) => drawChoices(choices, random),
    mutate: (chosen, random) => {
      const at = uniformInt(random, 0, list.length - 1)
      // One of the other options.
      const option = uniformInt(random, 0, list[at].options.length - 2)
      return chosen.with(at, option < chosen[at] ? option : option + 1)
    },
    record: (chosen) => choiceRecord({ name }, choices, chosen, settings),
    ...(name === 'nb201' && {
      all: () => allArchitectures(name, settings),
      count: list.reduce((product, { options }) => product * options.length, 1),
    }),
  }
}
