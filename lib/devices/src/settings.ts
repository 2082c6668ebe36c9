/**
 * Settings of a device in devices.yaml. A target declares each of its settings once, beside itself; the
 * type, the check and the error message follow from the declaration.
 */
import { resolve } from 'node:path'

/** One setting of a target. */
export interface Setting<Value> {
  /** What it is for, for error messages. */
  readonly about: string
  /** The values that it takes, in words: `text`. */
  readonly takes: string
  /** The backends that it has an effect on; absent: all. */
  readonly backends?: readonly string[]
  /**
   * Reads what devices.yaml says.
   *
   * @param folder of devices.yaml, which relative paths start from
   * @returns `undefined` for a wrong value
   */
  read(value: unknown, folder: string): Value | undefined
}

/** The settings of a target by name. */
export type Settings = Readonly<Record<string, Setting<unknown>>>

/** The values of settings that a device has; each is optional. */
export type ValuesOf<S extends Settings> = {
  readonly [Name in keyof S]?: S[Name] extends Setting<infer Value> ? Value : never
}

export function text(about: string): Setting<string> {
  return { about, takes: 'text', read: (value) => (isText(value) ? value : undefined) }
}

/** The address of a WebSocket. */
export function webSocket(about: string): Setting<string> {
  return {
    about,
    takes: 'an address that begins with ws:// or wss://',
    read: (value) =>
      isText(value) && URL.canParse(value) && /^wss?:/i.test(value) ? value : undefined,
  }
}

/** A path; a relative one starts from the folder of devices.yaml. */
export function file(about: string): Setting<string> {
  return {
    about,
    takes: 'a path',
    read: (value, folder) => (isText(value) ? resolve(folder, value) : undefined),
  }
}

/** The name of an Android package, which can be no option of a command. */
export function packageName(about: string): Setting<string> {
  return {
    about,
    takes: 'the name of an Android package, like com.android.chrome',
    read: (value) => (isText(value) && PACKAGE.test(value) ? value : undefined),
  }
}

const PACKAGE = /^[a-z]\w*(?:\.[a-z]\w*)+$/i

/** @param backends that it has an effect on, if not on all */
export function count(about: string, ...backends: string[]): Setting<number> {
  return {
    about,
    takes: `a positive whole number up to ${MOST}`,
    ...(backends.length > 0 && { backends }),
    read: (value) =>
      Number.isInteger(value) && Number(value) > 0 && Number(value) <= MOST
        ? Number(value)
        : undefined,
  }
}

/** More threads than any computer runs; runtimes fail in various ways on far larger numbers. */
const MOST = 1024

/** A time that a person may take. */
export function seconds(about: string): Setting<number> {
  return {
    about,
    takes: `a number of seconds from 1 to ${MOST_SECONDS}`,
    read: (value) =>
      typeof value === 'number' && value >= 1 && value <= MOST_SECONDS ? value : undefined,
  }
}

/** A day. */
const MOST_SECONDS = 86_400

export function oneOf<Name extends string>(about: string, ...names: Name[]): Setting<Name> {
  return {
    about,
    takes: names.join(' or '),
    read: (value) => names.find((name) => name === value),
  }
}

/** Text that is not blank and holds no control characters. */
function isText(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '' && !/\p{Cc}/u.test(value)
}
