import { LetiError, type Features, type KernelWork } from '@leti/records'

/** No network has larger numbers, and products of a few of them stay in the range of numbers. */
const MAX_SIZE = 1e18

/** No network has smaller numbers than this but 0, and their squares stay in the range of numbers. */
const MIN_SIZE = 1e-18

/** @throws {LetiError} `bad-input` if a feature or a number of a kernel is larger or smaller than in any network */
export function checkSizes(features: Features, kernels: readonly KernelWork[] = []): void {
  for (const name in features) checkSize(features[name], `features.${name}`)
  kernels.forEach((kernel, index) => {
    for (const [name, value] of Object.entries(kernel)) {
      for (const number of [value].flat(2)) checkSize(number, `kernels[${index}].${name}`)
    }
  })
}

function checkSize(value: unknown, place: string): void {
  if (typeof value !== 'number' || value === 0) return
  if (Math.abs(value) >= MIN_SIZE && Math.abs(value) <= MAX_SIZE) return
  throw new LetiError(
    'bad-input',
    `"${place}" is ${value}: no network has that; run featurize again`,
  )
}
