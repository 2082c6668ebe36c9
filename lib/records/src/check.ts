import { LetiError, type ErrorCode } from './errors.js'
import { isObject } from './is-object.js'
import type { ArraySchema, NumberSchema, ObjectSchema, Schema, Static } from './schema.js'

/** The first part of a value that does not fit its schema. */
interface Problem {
  /** Path within the value: `kernels[3].window`; empty for the value itself. */
  readonly place: string
  readonly schema: Schema
  readonly missing?: boolean
}

/**
 * Checks a JSON value against a schema and returns the value itself, typed. A member that is
 * `undefined` counts as absent; members that the schema does not list pass.
 *
 * @throws {LetiError} `code`, with a message such as `"kernels[3].count" must be a whole number of at
 *   least 1`
 */
export function checked<const S extends Schema>(
  value: unknown,
  schema: S,
  code: ErrorCode,
): Static<S> {
  const problem = problemIn(value, schema)
  if (problem) throw new LetiError(code, messageFor(problem))
  return value as Static<S>
}

/** Whether a JSON value fits a schema. */
export function isValid(value: unknown, schema: Schema): boolean {
  return !problemIn(value, schema)
}

function problemIn(value: unknown, schema: Schema): Problem | undefined {
  switch (schema.type) {
    case 'object':
      return isObject(value) ? problemInMembers(value, schema) : { place: '', schema }
    case 'array':
      return Array.isArray(value) ? problemInItems(value, schema) : { place: '', schema }
    case 'string': {
      const fits = typeof value === 'string' && matches(value, schema.pattern)
      return fits ? undefined : { place: '', schema }
    }
    case 'number':
    case 'integer':
      return isNumber(value, schema) ? undefined : { place: '', schema }
    case 'boolean':
      return typeof value === 'boolean' ? undefined : { place: '', schema }
    case undefined: {
      if (!schema.enum) return problemInDepth(value)
      const fits = schema.enum.some((known) => known === value)
      return fits ? undefined : { place: '', schema }
    }
    default:
      return schema.type.some((type) => isOfType(value, type)) ? undefined : { place: '', schema }
  }
}

const ANY: Schema = {}

/** Limit on the depth of members that the schema does not describe: what writes JSON recurses into them. */
const MAX_DEPTH = 100

const NESTED: Schema = { title: `nested at most ${MAX_DEPTH} levels deep` }

function problemInDepth(value: unknown): Problem | undefined {
  return isDeeper(value, MAX_DEPTH) ? { place: '', schema: NESTED } : undefined
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  return levels === 0 || Object.values(value).some((member) => isDeeper(member, levels - 1))
}

function problemInMembers(
  value: Record<string, unknown>,
  { properties = {}, required = [], additionalProperties }: ObjectSchema,
): Problem | undefined {
  for (const name of required) {
    if (value[name] === undefined) return { place: name, schema: properties[name], missing: true }
  }
  for (const name in value) {
    const member = value[name]
    const schema = Object.hasOwn(properties, name) ? properties[name] : additionalProperties
    if (member === undefined) continue
    const problem = schema ? problemIn(member, schema) : problemInDepth(member)
    if (problem) return within(name, problem)
  }
  return undefined
}

function problemInItems(value: readonly unknown[], schema: ArraySchema): Problem | undefined {
  const { items = ANY, prefixItems = [], minItems = 0, maxItems = Infinity } = schema
  if (value.length < minItems || value.length > maxItems) return { place: '', schema }
  for (const [index, item] of value.entries()) {
    const problem = problemIn(item, prefixItems[index] ?? items)
    if (problem) return within(`[${index}]`, problem)
  }
  return undefined
}

function within(name: string, problem: Problem): Problem {
  const { place } = problem
  const separator = place === '' || place.startsWith('[') ? '' : '.'
  return { ...problem, place: name + separator + place }
}

const patterns = new Map<string, RegExp>()

function matches(value: string, pattern: string | undefined): boolean {
  if (pattern === undefined) return true
  let compiled = patterns.get(pattern)
  if (!compiled) patterns.set(pattern, (compiled = new RegExp(pattern, 'u')))
  return compiled.test(value)
}

function isNumber(value: unknown, { type, minimum = -Infinity }: NumberSchema): boolean {
  return isOfType(value, type) && (value as number) >= minimum
}

/** JSON has no infinite numbers, but `JSON.parse` makes one of `1e999`. */
function isOfType(value: unknown, type: 'string' | 'number' | 'integer' | 'boolean'): boolean {
  if (type === 'integer') return Number.isInteger(value)
  return type === 'number' ? Number.isFinite(value) : typeof value === type
}

function messageFor({ place, schema, missing }: Problem): string {
  const expected = expectedBy(schema)
  if (place === '') return `expected ${expected}`
  return `"${place}" ${missing ? 'is missing; it ' : ''}must be ${expected}`
}

/** The values that a schema accepts, in words: "a whole number of at least 1". */
function expectedBy(schema: Schema): string {
  if (schema.title !== undefined) return schema.title
  switch (schema.type) {
    case 'object':
      return 'an object'
    case 'array':
      return `a list${lengthText(schema)}`
    case 'string':
      return schema.pattern === undefined ? 'a string' : `a string of the form ${schema.pattern}`
    case 'number':
    case 'integer': {
      const { type, minimum } = schema
      const kind = type === 'integer' ? 'a whole number' : 'a finite number'
      return minimum === undefined ? kind : `${kind} of at least ${minimum}`
    }
    case 'boolean':
      return 'true or false'
    case undefined:
      return schema.enum ? `one of ${schema.enum.join(', ')}` : 'a value'
    default:
      return `a ${schema.type.join(' or ')}`
  }
}

function lengthText({ minItems = 0, maxItems = Infinity }: ArraySchema): string {
  if (minItems === maxItems) return ` of ${minItems} items`
  if (minItems > 0) return ` of at least ${minItems} items`
  return maxItems < Infinity ? ` of at most ${maxItems} items` : ''
}
