import { LetiError, type KernelWork } from '@leti/records'
import { finiteNumber, list, object, oneOf, text } from '../checks.js'
import { toCorrection, type Correction } from './correction.js'
import { FAMILIES, TERMS, type Family, type Group, type Term } from './terms.js'

/** What a group of kernels costs. */
export interface GroupParameters {
  readonly group: Group
  /** How many different kernels of it were measured by themselves. */
  readonly kernels: number
  /** ms for one of each term; those that cost nothing are absent. */
  readonly cost: Readonly<Partial<Record<Term, number>>>
  /** Absent where the terms say all that is to be said. */
  readonly correction?: Correction
  /** How far off a kernel of it typically is that was not measured, as a part of its time. */
  readonly error: number
}

/** What kernels of a family cost, of whatever group: for groups that were never measured. */
export interface FamilyParameters {
  readonly family: Family
  readonly launch_ms: number
  /** For each 1e6 multiply-accumulates, and each 1e6 bytes that are read or written. */
  readonly macs_ms: number
  readonly bytes_ms: number
}

/** The most that was measured: no kernel is predicted to be faster. Absent where nothing tells. */
export interface Roofline {
  readonly macs_per_ms?: number
  readonly bytes_per_ms?: number
}

export interface KernelsParameters {
  /** What a call costs, whatever the network. */
  readonly overhead_ms: number
  /** How much more kernels cost within a network than by themselves. */
  readonly network_factor: number
  readonly roofline: Roofline
  readonly groups: readonly GroupParameters[]
  readonly families: readonly FamilyParameters[]
}

export function bytesOf({ input_bytes, output_bytes, weight_bytes }: KernelWork): number {
  return input_bytes + output_bytes + weight_bytes
}

/** @throws {LetiError} `usage` where the value is damaged */
export function toParameters(value: unknown): KernelsParameters {
  const parameters = object(value, 'parameters')
  const roofline = object(parameters.roofline, 'parameters.roofline')
  for (const name in roofline) costAt(roofline[name], `parameters.roofline.${name}`)
  return {
    overhead_ms: costAt(parameters.overhead_ms, 'parameters.overhead_ms'),
    network_factor: costAt(parameters.network_factor, 'parameters.network_factor'),
    roofline,
    groups: list(parameters.groups, 'parameters.groups').map(toGroup),
    families: list(parameters.families, 'parameters.families').map(toFamily),
  }
}

function toGroup(value: unknown, index: number): GroupParameters {
  const place = `parameters.groups[${index}]`
  const { group, kernels, cost, correction, error } = object(value, place)
  const weights = object(cost, `${place}.cost`)
  for (const name in weights) {
    oneOf(name, `${place}.cost`, TERMS)
    costAt(weights[name], `${place}.cost.${name}`)
  }
  return {
    group: text(group, `${place}.group`),
    kernels: costAt(kernels, `${place}.kernels`),
    cost: weights,
    ...(correction !== undefined && {
      correction: toCorrection(correction, `${place}.correction`),
    }),
    error: costAt(error, `${place}.error`),
  }
}

function toFamily(value: unknown, index: number): FamilyParameters {
  const place = `parameters.families[${index}]`
  const { family, launch_ms, macs_ms, bytes_ms } = object(value, place)
  return {
    family: oneOf(family, `${place}.family`, FAMILIES),
    launch_ms: costAt(launch_ms, `${place}.launch_ms`),
    macs_ms: costAt(macs_ms, `${place}.macs_ms`),
    bytes_ms: costAt(bytes_ms, `${place}.bytes_ms`),
  }
}

/** Costs are never below 0. */
function costAt(value: unknown, place: string): number {
  const number = finiteNumber(value, place)
  if (number < 0) throw new LetiError('usage', `"${place}" must not be below 0`)
  return number
}
