import { LetiError, type Delegation } from '@leti/records'

/**
 * The error of `--require-full-delegation`: the accelerator did not run the whole model.
 *
 * @param delegation what ran on it; `undefined` if the device does not report it
 */
export function partialDelegation(delegation: Delegation | undefined, backend: string): LetiError {
  return new LetiError(
    'partial-delegation',
    `${describe(delegation, backend)} (--require-full-delegation)`,
  )
}

function describe(delegation: Delegation | undefined, backend: string): string {
  if (!delegation) return `the device does not report what ran on ${backend}`
  const { delegated_nodes: delegated, total_nodes: total } = delegation
  if (delegated === undefined) return `only part of the model ran on ${backend}`
  return `${delegated} of ${total ?? 'its'} operators ran on ${backend}`
}
