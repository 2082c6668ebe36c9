import type { XStatic } from 'typebox/schema'

// JSON Schema (draft 2020-12), and of it only the keywords that `checked` implements: a schema that
// uses another one does not compile.

interface Annotations {
  readonly $schema?: string
  readonly $id?: string
  /** The expected value as an error message names it: "a height and a width". Absent: derived. */
  readonly title?: string
  /** What the value means, and its unit. */
  readonly description?: string
}

export interface ObjectSchema extends Annotations {
  readonly type: 'object'
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  /** Schema of the members that `properties` does not list. Absent: they may be anything; false: none. */
  readonly additionalProperties?: Schema | false
  /** A schema in `$defs` of the outermost schema, which holds too: `#/$defs/NAME`. */
  readonly $ref?: `#/$defs/${string}`
  readonly allOf?: readonly ConditionalSchema[]
  /** In the outermost schema only. */
  readonly $defs?: Readonly<Record<string, ObjectSchema>>
}

/** `then` holds for the objects that fit `if`. */
interface ConditionalSchema {
  readonly if: ObjectSchema
  readonly then: ObjectSchema
}

export interface ArraySchema extends Annotations {
  readonly type: 'array'
  readonly items?: Schema
  /** Schemas of the first items; `items` holds for those after them. */
  readonly prefixItems?: readonly Schema[]
  readonly minItems?: number
  readonly maxItems?: number
}

interface StringSchema extends Annotations {
  readonly type: 'string'
  readonly pattern?: string
}

export interface NumberSchema extends Annotations {
  readonly type: 'number' | 'integer'
  readonly minimum?: number
  readonly exclusiveMinimum?: number
}

/** Any value of the types listed, without further constraints. */
interface ScalarSchema extends Annotations {
  readonly type: 'boolean' | readonly ('string' | 'number' | 'boolean' | 'null')[]
}

interface EnumSchema extends Annotations {
  readonly type?: undefined
  readonly enum: readonly (string | number)[]
}

interface AnySchema extends Annotations {
  readonly type?: undefined
  readonly enum?: undefined
}

export type Schema =
  ObjectSchema | ArraySchema | StringSchema | NumberSchema | ScalarSchema | EnumSchema | AnySchema

/** The TypeScript type of the values that a schema (`as const satisfies Schema`) accepts. */
export type Static<S> = XStatic<S>
