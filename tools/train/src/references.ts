import { KINDS, type Kind, type Predictor } from '@leti/predictors'
import { LetiError } from '@leti/records'

/** @throws {LetiError} `usage` where it goes by kernels, of which references say nothing yet */
export function toReference({ name, file }: Predictor) {
  const { anyNetwork }: Kind = KINDS[file.model]
  if (anyNetwork) throw new LetiError('usage', `${name} is of --model kernels: no reference`)
  return { name, model: file.model, target: file.target, parameters: file.parameters }
}

/** @throws {LetiError} `usage` where a reference does not know the search spaces of the records */
export function checkSpaces(references: readonly Predictor[], spaces: readonly string[]): void {
  for (const { name, file } of references) {
    const unknown = spaces.find((space) => file.spaces.length && !file.spaces.includes(space))
    if (unknown === undefined) continue
    const known = file.spaces.join(', ')
    throw new LetiError('usage', `${name} knows ${known}; the records are of space "${unknown}"`)
  }
}
