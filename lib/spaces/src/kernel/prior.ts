import {
  executedNetwork,
  fuse,
  isSource,
  sameShape,
  type Kernel,
  type Network,
} from '@leti/network'
import { mersenne } from 'pure-rand/generator/mersenne'
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator'
import { SPACES } from '../registry.js'
import { drawChoices } from '../sample-choices.js'
import type { ArchMembers, Space } from '../space.js'
import type { KernelNode } from './arch.js'
import { kernelAlone } from './record.js'

/** The distinct kernels of real networks by stratum: kernels of one stratum are computed alike. */
export type Prior = ReadonlyMap<string, readonly (readonly KernelNode[])[]>

/** How often each space is asked for examples. */
const ROUNDS = 6

/**
 * The kernels of example networks of all search spaces.
 *
 * @param seed of the choice of examples
 */
export function kernelPrior(seed: number): Prior {
  const prior = new Map<string, (readonly KernelNode[])[]>()
  const seen = new Set<string>()
  for (const network of networks(mersenne(seed))) {
    const kernels = fuse(network)
    for (const kernel of kernels) {
      if (isSource(kernel.operator)) continue
      const nodes = kernelAlone(kernel, kernels)
      const key = JSON.stringify(nodes)
      if (seen.has(key)) continue
      seen.add(key)
      const stratum = stratumOf(kernel, kernels)
      prior.set(stratum, [...(prior.get(stratum) ?? []), nodes])
    }
  }
  return prior
}

/** Named by type, window, whether the channels are in groups and whether inputs are broadcast. */
function stratumOf({ operator, inputs, shape }: Kernel, kernels: readonly Kernel[]): string {
  const isBroadcast = inputs.length > 1 && inputs.some((of) => !sameShape(kernels[of].shape, shape))
  return [
    operator.type,
    'window' in operator ? operator.window.size.join('x') : '',
    'groups' in operator && (operator.groups ?? 1) > 1 ? 'groups' : '',
    isBroadcast ? 'broadcast' : '',
  ].join(' ')
}

function* networks(random: RandomGenerator): Generator<Network> {
  for (let round = 0; round < ROUNDS; round++) {
    for (const space of Object.values(SPACES)) {
      for (const arch of examplesOf(space, random, round)) yield networkIn(space, arch)
    }
  }
}

function examplesOf(
  space: Space<unknown>,
  random: RandomGenerator,
  round: number,
): Iterable<ArchMembers> {
  if (space.examples) return space.examples(random, round)
  const { choices } = space
  return choices ? [choices.arch(drawChoices(choices, random))] : []
}

function networkIn(space: Space<unknown>, arch: ArchMembers): Network {
  const network = space.toNetwork(space.parse({ space: space.name, ...arch }), 'example')
  const executed = executedNetwork(network)
  return executed.nodes.length > 0 ? executed : network
}
