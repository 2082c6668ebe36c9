import type { Delegation } from '@leti/records'

/**
 * `Replacing 31 out of 31 node(s) with delegate (TfLiteGpuDelegateV2) node, yielding 1 partitions for
 * subgraph 0.`; before TensorFlow 2.5 without `out of`, and not in every build.
 */
const REPLACING =
  /Replacing (\d+)(?: out of (\d+))? node\(s\) with delegate \(([^)]*)\) node(?:, yielding (\d+) partitions)?/g
const WORDS =
  /model graph will be (completely|partially) +executed by the delegate(?: w\/ (\d+) delegate kernels)?/
/** The second is printed by TensorFlow's delegate providers if the phone has no such accelerator. */
const NOT_EXECUTED =
  /model graph will not be +executed by the delegate|acceleration is unsupported on this platform/
/** The CPU's own delegate, which runs what the accelerator does not. */
const CPU_DELEGATE = /xnnpack/i

/**
 * Finds out how much of the model ran on the requested accelerator, from what the tool of either
 * generation prints while it loads the model.
 *
 * @returns `undefined` if the tool does not print it
 */
export function parseDelegation(text: string): Delegation | undefined {
  const replaced = parseReplaced(text)
  if (NOT_EXECUTED.test(text)) {
    const total = replaced?.total_nodes
    return { full: false, delegated_nodes: 0, ...(total !== undefined && { total_nodes: total }) }
  }
  const [, words, kernels] = WORDS.exec(text) ?? []
  if (!words) return replaced && { ...replaced, full: isWhole(replaced) }
  return {
    ...(kernels && { partitions: Number(kernels) }),
    ...replaced,
    full: words === 'completely' && (replaced?.total_nodes === undefined || isWhole(replaced)),
  }
}

type Replaced = Omit<Delegation, 'full'>

/** Sums the lines of all subgraphs. */
function parseReplaced(text: string): Replaced | undefined {
  const lines = [...text.matchAll(REPLACING)].filter(([, , , name]) => !CPU_DELEGATE.test(name))
  if (lines.length === 0) return undefined
  const sum = (group: number): number | undefined =>
    lines.every((line) => line[group] !== undefined)
      ? lines.reduce((total, line) => total + Number(line[group]), 0)
      : undefined
  const [delegated, total, partitions] = [sum(1), sum(2), sum(4)]
  return {
    ...(delegated !== undefined && { delegated_nodes: delegated }),
    ...(total !== undefined && { total_nodes: total }),
    ...(partitions !== undefined && { partitions }),
  }
}

function isWhole(replaced: Replaced | undefined): boolean {
  const { delegated_nodes: delegated = 0, total_nodes: total } = replaced ?? {}
  return delegated > 0 && delegated === total
}
