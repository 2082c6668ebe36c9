import { LetiError, type ErrorCode } from './errors.js'
import { isObject } from './is-object.js'
import type { ArraySchema, NumberSchema, ObjectSchema, Schema, Static } from './schema.js'

/** The first part of a value that does not fit its schema. */
interface Problem {
  /** Path within the value: `kernels[3].window`; empty for the value itself. */
  readonly place: string
  readonly schema: Schema
  /** How the value breaks it. Absent: it has another form. */
  readonly is?: 'missing' | 'unknown'
}

type Definitions = NonNullable<ObjectSchema['$defs']>

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
  const problem = firstProblem(value, schema)
  if (problem) throw new LetiError(code, messageFor(problem))
  return value as Static<S>
}

/** Whether a JSON value fits a schema. */
export function isValid(value: unknown, schema: Schema): boolean {
  return !firstProblem(value, schema)
}

function firstProblem(value: unknown, schema: Schema): Problem | undefined {
  const { $defs = {} } = schema as ObjectSchema
  return problemIn(value, schema, $defs)
}

function problemIn(value: unknown, schema: Schema, defs: Definitions): Problem | undefined {
  switch (schema.type) {
    case 'object':
      return isObject(value) ? problemInObject(value, schema, defs) : { place: '', schema }
    case 'array':
      return Array.isArray(value) ? problemInItems(value, schema, defs) : { place: '', schema }
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

function problemInObject(
  value: Record<string, unknown>,
  schema: ObjectSchema,
  defs: Definitions,
): Problem | undefined {
  const problem = problemInMembers(value, schema, defs)
  if (problem) return problem
  const { $ref, allOf = [] } = schema
  for (const { if: condition, then } of allOf) {
    if (problemIn(value, condition, defs)) continue
    const problem = problemIn(value, then, defs)
    if (problem) return problem
  }
  return $ref && problemIn(value, defs[$ref.slice(DEFS.length)], defs)
}

const DEFS = '#/$defs/'

const ANY: Schema = {}

/** Limit on the depth of members that the schema does not describe: what writes JSON recurses into them. */
const MAX_DEPTH = 100

const NESTED: Schema = { title: `nested at most ${MAX_DEPTH} levels deep` }

function problemInDepth(value: unknown): Problem | undefined {
  return isDeeper(value, MAX_DEPTH) ? { place: '', schema: NESTED } : undefined
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (levels === 0) return true
  const members: Iterable<unknown> = Array.isArray(value) ? value : Object.values(value)
  for (const member of members) if (isDeeper(member, levels - 1)) return true
  return false
}

function problemInMembers(
  value: Record<string, unknown>,
  { properties = {}, required = [], additionalProperties }: ObjectSchema,
  defs: Definitions,
): Problem | undefined {
  for (const name of required) {
    if (value[name] === undefined) return { place: name, schema: properties[name], is: 'missing' }
  }
  for (const name in value) {
    const member = value[name]
    const schema = Object.hasOwn(properties, name) ? properties[name] : additionalProperties
    if (member === undefined) continue
    if (schema === false) {
      return { place: name, schema: { enum: Object.keys(properties) }, is: 'unknown' }
    }
    const problem = schema ? problemIn(member, schema, defs) : problemInDepth(member)
    if (problem) return within(name, problem)
  }
  return undefined
}

function problemInItems(
  value: readonly unknown[],
  schema: ArraySchema,
  defs: Definitions,
): Problem | undefined {
  const { items = ANY, prefixItems = [], minItems = 0, maxItems = Infinity } = schema
  if (value.length < minItems || value.length > maxItems) return { place: '', schema }
  // Predictor files hold lists of 100,000 numbers: an iterator would take most of the time.
  for (let index = 0; index < value.length; index++) {
    const problem = problemIn(value[index], prefixItems[index] ?? items, defs)
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

function isNumber(value: unknown, { type, minimum, exclusiveMinimum }: NumberSchema): boolean {
  if (!isOfType(value, type)) return false
  if (minimum !== undefined && (value as number) < minimum) return false
  return exclusiveMinimum === undefined || (value as number) > exclusiveMinimum
}

type ScalarType = 'string' | 'number' | 'integer' | 'boolean' | 'null'

/** JSON has no infinite numbers, but `JSON.parse` makes one of `1e999`. */
function isOfType(value: unknown, type: ScalarType): boolean {
  if (type === 'null') return value === null
  if (type === 'integer') return Number.isInteger(value)
  return type === 'number' ? Number.isFinite(value) : typeof value === type
}

function messageFor({ place, schema, is }: Problem): string {
  const expected = expectedBy(schema)
  if (place === '') return `expected ${expected}`
  if (is === 'unknown') return `"${place}" is unknown; expected ${expected}`
  return `"${place}" ${is === 'missing' ? 'is missing; it ' : ''}must be ${expected}`
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
      const { type, minimum, exclusiveMinimum } = schema
      const kind = type === 'integer' ? 'a whole number' : 'a finite number'
      if (exclusiveMinimum !== undefined) return `${kind} above ${exclusiveMinimum}`
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
