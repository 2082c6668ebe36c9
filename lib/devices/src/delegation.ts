import { LetiError, type Delegation } from '@leti/records'

/**
 * The error where all of a model had to run on the accelerator.
 *
 * @param delegation what ran there; undefined where nothing says so
 */
export function partialDelegation(delegation: Delegation | undefined, backend: string): LetiError {
  return new LetiError(
    'partial-delegation',
    `${describe(delegation, backend)} (--require-full-delegation)`,
  )
}

function describe(delegation: Delegation | undefined, backend: string): string {
  if (!delegation) return `the device does not say what ran on ${backend}`
  const { delegated_nodes: delegated, total_nodes: total } = delegation
  if (delegated === undefined) return `only a part of the model ran on ${backend}`
  return `${delegated} of ${total ?? 'its'} operators ran on ${backend}`
}
