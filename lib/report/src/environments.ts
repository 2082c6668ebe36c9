import { nameOf } from '@leti/predictors'
import type { Environment, Measurement } from '@leti/records'
import type { EnvironmentRow } from './data.js'

interface Setting {
  readonly base: string
  readonly details: Readonly<Record<string, string>>
  readonly members: Map<string, Set<string>>
  records: number
}

/** The devices of the records, with the runtimes, backends and threads that they were measured with. */
export class Environments {
  private readonly settings: Setting[] = []
  private readonly indices = new Map<string, number>()

  /** @returns the index of the measurement's device and setting */
  add(measurement: Measurement): number {
    const details = detailsOf(measurement)
    const base = nameOf(measurement)
    const key = JSON.stringify([base, details])
    const index = this.indices.get(key) ?? this.settings.length
    if (index === this.settings.length) {
      this.settings.push({ base, details, members: new Map(), records: 0 })
      this.indices.set(key, index)
    }
    const setting = this.settings[index]
    setting.records++
    const { target } = measurement
    const members: Environment = {
      ...details,
      ...(target !== undefined && { target }),
      ...measurement.environment,
    }
    for (const [name, value] of Object.entries(members)) {
      const values = setting.members.get(name) ?? new Set()
      setting.members.set(name, values.add(String(value)))
    }
    return index
  }

  /** Device and backend of a setting, without what else tells it apart. */
  base(index: number): string {
    return this.settings[index].base
  }

  /** Device and backend; where that is ambiguous, also what differs. */
  names(): string[] {
    return this.settings.map(({ base, details }) => {
      const alike = this.settings.filter((other) => other.base === base)
      const differing = Object.entries(details).filter(([name, value]) =>
        alike.some((other) => other.details[name] !== value),
      )
      return [base, ...differing.map(([name, value]) => `${name} ${value}`)].join(', ')
    })
  }

  rows(): EnvironmentRow[] {
    const names = this.names()
    return this.settings.map(({ records, members }, i) => ({
      device: names[i],
      records,
      members: Object.fromEntries([...members].map(([name, values]) => [name, [...values]])),
    }))
  }
}

function detailsOf({ runtime, threads, batch }: Measurement): Record<string, string> {
  const known = Object.entries({ runtime, threads, batch }).filter(
    ([, value]) => value !== undefined,
  )
  return Object.fromEntries(known.map(([name, value]) => [name, `${value}`]))
}
