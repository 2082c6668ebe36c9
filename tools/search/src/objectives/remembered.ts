import type { Objective } from './objective.js'

/** The objective, which is asked only once for each network: a search in rounds comes to most of them again. */
export function remembered(objective: Objective): Objective {
  const known = new Map<string, number | undefined>()
  return {
    name: objective.name,
    isSlow: objective.isSlow,
    async valuesOf(records) {
      const asked = records.filter(({ id }) => !known.has(id))
      const values = asked.length ? await objective.valuesOf(asked) : []
      asked.forEach(({ id }, i) => known.set(id, values[i]))
      return records.map(({ id }) => known.get(id))
    },
    close: () => objective.close(),
  }
}
