import { LetiError, type KernelWork } from '@leti/records'
import { finiteNumber, list, object, oneOf, text } from '../checks.js'
import { toCorrection, type Correction } from './correction.js'
import { COST_FAMILIES, COST_TERMS, type CostFamily, type Group, type CostTerm } from './terms.js'

/** The costs of a group of kernels. */
export interface GroupParameters {
  readonly group: Group
  /** Number of different kernels of the group that were measured by themselves. */
  readonly kernels: number
  /** ms per unit of each term; terms without a cost are absent. */
  readonly cost: Readonly<Partial<Record<CostTerm, number>>>
  /** Absent if a correction does not lower the error. */
  readonly correction?: Correction
  /** Median relative error of a kernel that was not measured. */
  readonly error: number
}

/** The typical costs of a family of kernels, for groups that were never measured. */
export interface FamilyParameters {
  readonly family: CostFamily
  /** ms per kernel. */
  readonly launch_ms: number
  /** ms per 1e6 multiply-accumulates, and per 1e6 bytes read or written. */
  readonly macs_ms: number
  readonly bytes_ms: number
}

/** The fastest measured rates, which limit all predictions. Absent if unknown. */
export interface Roofline {
  readonly macs_per_ms?: number
  readonly bytes_per_ms?: number
}

export interface KernelsParameters {
  /** The fixed cost of an inference. */
  readonly overhead_ms: number
  /** Ratio of the cost of kernels within a network to that by themselves. */
  readonly network_factor: number
  readonly roofline: Roofline
  readonly groups: readonly GroupParameters[]
  readonly families: readonly FamilyParameters[]
}

/** Bytes that the kernel reads and writes. */
export function bytesOf({ input_bytes, output_bytes, weight_bytes }: KernelWork): number {
  return input_bytes + output_bytes + weight_bytes
}

/** @throws {LetiError} `usage` if the value is damaged */
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
    oneOf(name, `${place}.cost`, COST_TERMS)
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
    family: oneOf(family, `${place}.family`, COST_FAMILIES),
    launch_ms: costAt(launch_ms, `${place}.launch_ms`),
    macs_ms: costAt(macs_ms, `${place}.macs_ms`),
    bytes_ms: costAt(bytes_ms, `${place}.bytes_ms`),
  }
}

/** A finite number of at least 0. */
function costAt(value: unknown, place: string): number {
  const number = finiteNumber(value, place)
  if (number < 0) throw new LetiError('usage', `"${place}" must not be below 0`)
  return number
}
