import type { Schema, Static } from './schema.js'

const COUNT = { type: 'integer', minimum: 0 } as const

export const RAW = {
  type: 'object',
  description: 'The latency with the drift of the device in it; added by detrend.',
  required: ['median'],
  properties: {
    median: { type: 'number', minimum: 0, description: 'Median of the medians of the visits, ms.' },
  },
} as const satisfies Schema

export const QUALITY = {
  type: 'object',
  description:
    'What is known of how good the measurement is: flags from device-run, all else from detrend.',
  properties: {
    flags: {
      type: 'array',
      items: { type: 'string' },
      description:
        'What may have disturbed it: governor (the clock is not held), load (other programs ran), stolen (the ' +
        'hypervisor took time), thermal (the phone was throttled). Absent if nothing did.',
    },
    visits: { ...COUNT, description: 'Sittings in which the network was measured.' },
    drift: {
      type: 'number',
      minimum: 0,
      description:
        "Slowest over fastest state of the device in the run, less 1: the trend's range. 0 if no trend was taken out.",
    },
    clock_steps: { ...COUNT, description: 'Sudden changes of the device in the run.' },
    noise: {
      type: 'number',
      minimum: 0,
      description:
        'Relative standard deviation of one visit in the run. Absent if too few networks were visited twice.',
    },
    min_noise: {
      type: 'number',
      minimum: 0,
      description:
        'Relative standard deviation of the quickest run of one visit. Absent like noise, and if visits do not state it.',
    },
    units: {
      type: 'object',
      description:
        'Of a pool of phones: how much slower than their mean each is, as a factor. Absent if no networks tie all of them.',
      additionalProperties: { type: 'number', exclusiveMinimum: 0 },
    },
    autocorrelation: {
      type: 'number',
      description:
        'Correlation of a sample with the one before, mean of the visits. Absent without samples.',
    },
    effective_samples: {
      type: 'number',
      minimum: 0,
      description: 'Independent samples that tell as much as the correlated ones. Absent without.',
    },
    outliers: {
      ...COUNT,
      description:
        'Visits too far from the fit to shape the trend. Two that contradict each other both count.',
    },
  },
} as const satisfies Schema

export type Quality = Static<typeof QUALITY>
