import { checkCountable, graphsOf, type Graphs } from '@leti/network'
import { LetiError, type Arch, type LetiRecord } from '@leti/records'
import { isSize } from './config.js'
import { fbnet } from './fbnet/index.js'
import { kernel } from './kernel/index.js'
import { nb101 } from './nb101/index.js'
import { nb201 } from './nb201/index.js'
import { ncnn } from './ncnn/index.js'
import type { Space, SpaceTraits } from './space.js'
import { zoo } from './zoo/index.js'

/** All search spaces: nothing else lists them. `kernel-sample` takes their examples in this order. */
const ALL: readonly Space<unknown>[] = [zoo, nb201, fbnet, nb101, ncnn, kernel]

export const SPACES: Readonly<Record<string, Space<unknown>>> = Object.fromEntries(
  ALL.map((space) => [space.name, space]),
)

/** A record's network. */
export interface RecordNetwork extends Graphs {
  readonly arch: Arch
  /** The search space; its members are absent for a network from a model file. */
  readonly space: SpaceTraits
  /** The architecture as its space parses it. */
  readonly parsed: unknown
}

/**
 * The network of an architecture. Records whose network is a model file need `openNetwork` of
 * `@leti/formats`.
 *
 * @throws {LetiError} `bad-arch` if the record has no architecture of a known space
 */
export function networkOf({ id, arch }: LetiRecord): RecordNetwork {
  if (!arch) throw new LetiError('bad-arch', 'no "arch": nothing says what the network is')
  if (!Object.hasOwn(SPACES, arch.space)) {
    const known = Object.keys(SPACES).join(', ')
    throw new LetiError('bad-arch', `unknown space "${arch.space}"; known: ${known}`)
  }
  const space = SPACES[arch.space]
  checkMembers(arch, space.members)
  const parsed = space.parse(arch)
  const written = space.toNetwork(parsed, id)
  checkCountable(written)
  return { arch, space, parsed, ...graphsOf(written) }
}

/**
 * Refuses members that nothing reads: a misspelt one would be ignored. Every space has `batch`.
 *
 * @param known members besides `space` and `batch`
 * @throws {LetiError} `bad-arch`; `unsupported` if the batch is not 1
 */
export function checkMembers(arch: Arch, known: readonly string[]): void {
  checkBatch(arch)
  const read = ['space', 'batch', ...known]
  const unknown = Object.keys(arch).find((name) => !read.includes(name))
  if (unknown === undefined) return
  const name = JSON.stringify(unknown.slice(0, 60))
  const list = known.join(', ')
  throw new LetiError(
    'bad-arch',
    `unknown member ${name} of "arch"; space "${arch.space}" has ${list}`,
  )
}

/** Networks have no batch: shapes, costs and model files are those of one input. */
function checkBatch({ batch = 1 }: Arch): void {
  if (batch === 1) return
  if (!isSize(batch)) throw new LetiError('bad-arch', '"batch" must be a positive whole number')
  throw new LetiError(
    'unsupported',
    `"batch" is ${batch}: LETI builds, measures and predicts networks at batch 1 only`,
  )
}
