import {
  executedNetwork,
  fuse,
  isSource,
  sameShape,
  type Kernel,
  type Network,
} from '@leti/network'
import type { LetiRecord } from '@leti/records'
import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { mersenne } from 'pure-rand/generator/mersenne'
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator'
import { fbnet } from '../fbnet/index.js'
import { nb101, OPERATION_NAMES } from '../nb101/index.js'
import { nb201 } from '../nb201/index.js'
import { ARCHITECTURES } from '../zoo/architectures.js'
import { ZOO_NAMES } from '../zoo/arch.js'
import { zooRecord } from '../zoo/record.js'
import { zoo } from '../zoo/index.js'
import type { Space } from '../space.js'
import type { KernelNode } from './arch.js'
import { kernelAlone } from './record.js'

/** The different kernels of real networks, by what tells how they are computed. */
export type Prior = ReadonlyMap<string, readonly (readonly KernelNode[])[]>

/** How many networks of each search space, and how many sizes of each network of the zoo. */
const OF_SPACE = 6
const OF_ZOO = 3

/**
 * The kernels of the zoo, as published and at other resolutions and widths, and of networks of the
 * search spaces.
 *
 * @param seed chooses the sizes and the networks
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

/** Type, window, whether channels are in groups, and whether inputs are broadcast. */
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
  for (const name of ZOO_NAMES) {
    yield networkIn(zoo, zooRecord(name))
    for (let size = 1; size < OF_ZOO; size++) yield networkIn(zoo, zooOfAnySize(name, random))
  }
  for (let index = 0; index < OF_SPACE; index++) {
    for (const space of [nb201, fbnet] as Space<unknown>[]) yield ofChoices(space, random)
    yield nb101Cell(random)
  }
}

function networkIn<Parsed>(space: Space<Parsed>, { id, arch }: LetiRecord): Network {
  const network = space.toNetwork(space.parse({ space: space.name, ...arch }), id)
  return executedNetwork(network) ?? network
}

/** At some resolution near to the published one, and some width. */
function zooOfAnySize(name: string, random: RandomGenerator): LetiRecord {
  const { resolution, resolutions, widths = [1] } = ARCHITECTURES[name]
  const [least, greatest] = [
    Math.max(resolutions[0], Math.round(resolution / 2)),
    Math.min(resolutions[1], Math.round(resolution * 1.5)),
  ]
  const width = widths[uniformInt(random, 0, widths.length - 1)]
  const pixels = uniformInt(random, least, greatest)
  // Most networks are run at multiples of 32.
  const rounded = Math.round(pixels / 32) * 32
  const fits = rounded >= least && rounded <= greatest
  return zooRecord(name, { resolution: fits ? rounded : resolution, width })
}

function ofChoices(space: Space<unknown>, random: RandomGenerator): Network {
  const { list, record } = space.choices as NonNullable<typeof space.choices>
  const chosen = list.map(({ options }) => uniformInt(random, 0, options.length - 1))
  return networkIn(space, record(chosen))
}

/** A cell of five operations, each after one before it, and all of them before the output. */
function nb101Cell(random: RandomGenerator): Network {
  const vertices = 7
  const module_adjacency = Array.from({ length: vertices }, () =>
    new Array<number>(vertices).fill(0),
  )
  const module_operations = ['input']
  for (let vertex = 1; vertex < vertices - 1; vertex++) {
    module_adjacency[uniformInt(random, 0, vertex - 1)][vertex] = 1
    module_adjacency[vertex][vertices - 1] = 1
    module_operations.push(OPERATION_NAMES[uniformInt(random, 0, OPERATION_NAMES.length - 1)])
  }
  module_operations.push('output')
  const arch = { space: nb101.name, module_adjacency, module_operations }
  return networkIn(nb101, { id: 'nb101', arch })
}
