import { LetiError } from '@leti/records'
import type { Check } from './operators/members.js'
import { isOperatorType, OPERATORS, type Operator } from './operators/index.js'

/**
 * The operator that a record describes by its type and members.
 *
 * @param place where the description stands in the record, for errors
 * @throws {LetiError} `bad-arch` if the type is unknown, or a member is wrong, missing or unknown
 */
export function parseOperator(value: Readonly<Record<string, unknown>>, place: string): Operator {
  const { type } = value
  const entry = isOperatorType(type) ? OPERATORS[type] : undefined
  if (!entry || entry.unmeasurable) throw bad(`${place}: unknown operator ${shown(type)}`)
  const members: Readonly<Record<string, Check<unknown>>> = entry.members
  for (const [name, isValid] of Object.entries(members)) {
    if (!isValid(value[name])) throw bad(`${place}.${name} cannot be ${shown(value[name])}`)
  }
  for (const name of Object.keys(value)) {
    if (name !== 'type' && !Object.hasOwn(members, name)) {
      throw bad(`${place}: ${String(type)} has no member "${name.slice(0, 60)}"`)
    }
  }
  return value as unknown as Operator
}

function shown(value: unknown): string {
  return (JSON.stringify(value) ?? 'absent').slice(0, 60)
}

function bad(message: string): LetiError {
  return new LetiError('bad-arch', message)
}
