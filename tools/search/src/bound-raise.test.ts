import type { Io } from '@leti/pipe'
import type { HeldOutNetwork, Predictor } from '@leti/predictors'
import { expect, test } from 'vitest'
import { boundRaise } from './bound-raise.js'
import { Accuracies } from './objectives/accuracies.js'
import { accuracyObjective } from './objectives/accuracy.js'
import { CommandObjective } from './objectives/command.js'
import { costObjective } from './objectives/cost.js'
import type { Objective } from './objectives/objective.js'

/** Forty networks of increasing latency and MACs. The even ones take twice their upper bound. */
const networks = Array.from({ length: 40 }, (_, i): HeldOutNetwork => ({
  id: `n${i}`,
  features: { macs: i % 2 ? i : 100 + i, parameters: i % 2 ? 100 + i : i },
  latency_ms: (10 + i) * (i % 2 ? 1 : 2.2),
  predicted_ms: 10 + i,
  high_ms: 1.1 * (10 + i),
}))

async function raised(objective: Objective) {
  const said: string[] = []
  const coverages: number[] = []
  const io = { warn: (message: string) => said.push(message) } as unknown as Io
  const heldOut = (coverage: number) => {
    coverages.push(coverage)
    return networks
  }
  const raise = await boundRaise({ heldOut } as unknown as Predictor, objective, 0.2, io)
  expect(coverages).toEqual([0.8])
  return { factor: raise.factorAt(20), said }
}

/** An accuracy that the odd networks have more of. */
function accuracies(count: number) {
  const table = new Accuracies()
  for (let i = 0; i < count; i++) table.add(`n${i}`, i % 2 ? 1 + i : i / 100)
  return accuracyObjective({ file: 'acc.csv', accuracies: table })
}

test('the objective decides which training networks the search would have proposed', async () => {
  const { factor, said } = await raised(costObjective('macs'))
  expect(factor).toBeCloseTo(2)
  expect(said).toEqual([
    expect.stringMatching(
      /^20 of the 20 training networks that this search would have proposed took longer than their upper bounds at risk 0.2: bounds are raised up to 2.00 times;/,
    ),
  ])
  expect(await raised(costObjective('parameters'))).toEqual({ factor: 1, said: [] })
  expect(await raised(accuracies(40))).toEqual({ factor: 1, said: [] })
})

test('MACs stand for an objective that is not known of all, or is slow', async () => {
  expect((await raised(accuracies(39))).factor).toBeCloseTo(2)
  const command = new CommandObjective('exit 1', 1, {} as unknown as Io)
  expect((await raised(command)).factor).toBeCloseTo(2)
})
