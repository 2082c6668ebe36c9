import type { KernelWork, Schema, Static } from '@leti/records'
import { byName } from '../by-name.js'
import { CORRECTION } from './correction.js'
import { COST_FAMILIES, COST_TERMS } from './terms.js'

const COST = { type: 'number', minimum: 0 } as const

const GROUP = {
  type: 'object',
  description: 'The costs of a group of kernels.',
  required: ['group', 'kernels', 'cost', 'error'],
  properties: {
    group: { type: 'string', description: 'Name of the group, such as conv2d_1x1.' },
    kernels: {
      ...COST,
      description: 'Number of different kernels of the group that were measured by themselves.',
    },
    cost: {
      type: 'object',
      description: 'ms per unit of each cost term. Terms without a cost are absent.',
      properties: byName(COST_TERMS, COST),
      additionalProperties: false,
    },
    correction: CORRECTION,
    largest: {
      type: 'object',
      description: 'The largest kernel in the training set. Absent in old files.',
      required: ['macs', 'bytes'],
      properties: {
        macs: { ...COST, description: 'Most multiply-accumulates.' },
        bytes: { ...COST, description: 'Most bytes read and written.' },
      },
    },
    error: { ...COST, description: 'Median relative error of a kernel that was not measured.' },
  },
} as const satisfies Schema

const FAMILY = {
  type: 'object',
  description: 'The typical costs of a family of kernels, for groups that were never measured.',
  required: ['family', 'launch_ms', 'macs_ms', 'bytes_ms'],
  properties: {
    family: { enum: COST_FAMILIES, description: 'The family.' },
    launch_ms: { ...COST, description: 'ms per kernel.' },
    macs_ms: { ...COST, description: 'ms per 1e6 multiply-accumulates.' },
    bytes_ms: { ...COST, description: 'ms per 1e6 bytes read or written.' },
  },
} as const satisfies Schema

const ROOFLINE = {
  type: 'object',
  description: 'The fastest measured rates, which limit all predictions.',
  properties: {
    macs_per_ms: { ...COST, description: 'Multiply-accumulates per ms. Absent if unknown.' },
    bytes_per_ms: { ...COST, description: 'Bytes per ms. Absent if unknown.' },
  },
} as const satisfies Schema

export const KERNELS = {
  type: 'object',
  description: 'The cost of kernels.',
  required: ['overhead_ms', 'network_factor', 'roofline', 'groups', 'families'],
  properties: {
    overhead_ms: { ...COST, description: 'The fixed cost of an inference, ms.' },
    network_factor: {
      ...COST,
      description: 'Ratio of the cost of kernels within a network to that by themselves.',
    },
    roofline: ROOFLINE,
    groups: { type: 'array', items: GROUP, description: 'The groups that were measured.' },
    families: { type: 'array', items: FAMILY, description: 'The families that were measured.' },
  },
} as const satisfies Schema

export type KernelsParameters = Static<typeof KERNELS>

export type GroupParameters = KernelsParameters['groups'][number]

export type FamilyParameters = KernelsParameters['families'][number]

export type Roofline = KernelsParameters['roofline']

/** Bytes that the kernel reads and writes. */
export function bytesOf({ input_bytes, output_bytes, weight_bytes }: KernelWork): number {
  return input_bytes + output_bytes + weight_bytes
}
