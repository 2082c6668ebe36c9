/**
 * The names of features. lib/features builds them here and lib/predictors parses them here, so that
 * neither has a pattern of its own.
 *
 * A name is a scope, an optional kernel, and a quantity: `executed_macs`, `kernel_conv2d_3x3_macs`,
 * `stage2_add_count`. Names without a scope describe the whole network: `macs`, `peak_memory_bytes`.
 */

/**
 * The part of the network that a feature describes:
 *
 * - `operator`, `kernel`: all operators, all fused kernels, of the network as written;
 * - `pruned`, `executed`: the kernels that remain once a converter has pruned, or also folded, it;
 * - `path`: the kernels on the critical path;
 * - `sibling`: kernels that share their input with an equal kernel;
 * - `stage`: the kernels at one resolution;
 * - `choice`, `cell`, `graph`: the architecture itself.
 */
const SCOPES = [
  'operator',
  'kernel',
  'pruned',
  'executed',
  'path',
  'sibling',
  'choice',
  'cell',
  'graph',
] as const

export type FeatureScope = (typeof SCOPES)[number] | 'stage'

const QUANTITIES = [
  'count',
  'macs',
  'input_bytes',
  'output_bytes',
  'weight_bytes',
  'width',
] as const

export type FeatureQuantity = (typeof QUANTITIES)[number]

/** A scope as a name writes it: a stage with its number. */
export type NamedScope = (typeof SCOPES)[number] | `stage${number}`

/** Multiply-accumulates of one inference of the network as written. */
export const MACS = 'macs'

/** Bytes of all activations of the network as written. */
export const ACTIVATION_BYTES = 'activation_bytes'

/** Multiply-accumulates of what is executed once a converter has pruned and folded the network. */
export const EXECUTED_MACS = featureName('executed', 'macs')

/** A quantity summed over a whole scope: `executed_macs`. */
export function featureName(scope: NamedScope, quantity: FeatureQuantity): string {
  return `${scope}_${quantity}`
}

/**
 * A quantity summed over kernels of one kind: `kernel_conv2d_3x3_macs`.
 *
 * @param kind an operator, with the size of its window if it has one: `add`, `conv2d_3x3`, `conv2d_other`
 */
export function kernelFeatureName(
  scope: NamedScope,
  kind: string,
  quantity: FeatureQuantity,
): string {
  return `${scope}_${kind}_${quantity}`
}

/** Whether a choice of the architecture takes an option: `choice_block3_k5_e6`. */
export function choiceFeatureName(choice: string, option: string): string {
  return `choice_${choice}_${option}`
}

/** Whether the cell has the edge: `graph_edge_0_1`. */
export function edgeFeatureName(from: number, to: number): string {
  return `graph_edge_${from}_${to}`
}

/** Whether the vertex has the operation: `graph_vertex_1_conv3x3_bn_relu`. */
export function vertexFeatureName(vertex: number, operation: string): string {
  return `graph_vertex_${vertex}_${plainName(operation)}`
}

/** A property of the cell, or the count of an operation in it: `cell_depth`. */
export function cellFeatureName(property: string): string {
  return `cell_${plainName(property)}`
}

/** A name without characters that are no letters, digits or underscores. */
function plainName(name: string): string {
  return name.replace(/\W/g, '_')
}

/** What a name says of its feature. A part that the name does not have is absent. */
export interface ParsedFeatureName {
  readonly scope?: FeatureScope
  /** The operator of the kernels that are summed, without the size of its window. */
  readonly operator?: string
  readonly quantity?: FeatureQuantity
}

const SCOPED = new RegExp(`^(${SCOPES.join('|')}|stage\\d+)_(.+)$`)
const SUMMED = new RegExp(`^(?:(\\w+?)_)?(${QUANTITIES.join('|')})$`)
const WINDOW = /_(?:\d+x\d+|other)$/

/** Scopes whose names do not end in a quantity of kernels. */
const WITHOUT_KERNELS: ReadonlySet<FeatureScope> = new Set(['choice', 'cell', 'graph', 'sibling'])

/** The parts of a name; none of them for a name that has no scope. */
export function parseFeatureName(name: string): ParsedFeatureName {
  const [, named, rest] = SCOPED.exec(name) ?? []
  if (named === undefined) return {}
  const scope = named.startsWith('stage') ? 'stage' : (named as FeatureScope)
  const [, kind, quantity] = SUMMED.exec(rest) ?? []
  if (quantity === undefined || WITHOUT_KERNELS.has(scope)) return { scope }
  const operator = kind === undefined ? {} : { operator: kind.replace(WINDOW, '') }
  return { scope, ...operator, quantity: quantity as FeatureQuantity }
}

const EDGE = /^graph_edge_(\d+)_(\d+)$/
const VERTEX = /^graph_vertex_(\d+)_(.+)$/

/** The vertices of the edge that the feature is about; `undefined` if it is not about an edge. */
export function parseEdgeName(name: string): { from: number; to: number } | undefined {
  const [, from, to] = EDGE.exec(name) ?? []
  return from === undefined ? undefined : { from: Number(from), to: Number(to) }
}

/** The vertex and operation that the feature is about; `undefined` if it is not about a vertex. */
export function parseVertexName(name: string): { vertex: number; operation: string } | undefined {
  const [, vertex, operation] = VERTEX.exec(name) ?? []
  return vertex === undefined ? undefined : { vertex: Number(vertex), operation }
}
