import { choiceFeatureName, type Features } from '@leti/records'
import type { Space } from '@leti/spaces'

/** 1 for the option that each choice of the architecture takes, 0 for the others. */
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
