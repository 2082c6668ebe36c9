import { choiceFeatureName, type Features } from '@leti/records'
import type { Space } from '@leti/spaces'

/** One-hot encoding of an architecture's choices: 1 for the chosen option, 0 for the others. */
export function choiceFeatures(
  { choices }: Pick<Space<unknown>, 'choices'>,
  parsed: unknown,
): Features {
  if (!choices) return {}
  const features: Features = {}
  const chosen = choices.chosen(parsed)
  choices.list.forEach(({ name, options }, choice) => {
    options.forEach((option, index) => {
      features[choiceFeatureName(name, option)] = chosen[choice] === index ? 1 : 0
    })
  })
  return features
}
