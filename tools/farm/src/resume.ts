import { isObject, type LetiRecord } from '@leti/records'

/** The output of collect, as errors name it. */
export const RESUME = { option: '--resume', takes: 'the output of farm collect' } as const

/** The job of a record that collect wrote; empty if another tool made it. */
export function jobOf(record: LetiRecord): string {
  const { farm } = record as { readonly farm?: unknown }
  return isObject(farm) && typeof farm.job === 'string' ? farm.job : ''
}
