import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { networkCost, type Network } from '@leti/network'
import { expect, test } from 'vitest'
import { readModel } from '../../index.js'
import {
  onnxBytes,
  type NestedGraph,
  type OnnxModel,
  type OnnxNode,
  type Tensor,
} from '../../onnx.fixture.js'
import { parseOnnx } from './parse.js'
import { readOnnx, readParsed } from './read.js'
import { modelParts } from '../../model-parts.js'
import { floats, ints, scalar } from './chain.fixture.js'

// What one file needs besides its graph: ONNX Runtime, nested graphs, functions, files of weights.

const folder = mkdtempSync(join(tmpdir(), 'leti-test-'))
const INPUTS = { x: [1, 4, 6, 6] }

let count = 0
function written(model: Partial<OnnxModel>): string {
  const path = join(folder, `model${++count}.onnx`)
  writeFileSync(path, onnxBytes({ inputs: INPUTS, outputs: ['y'], nodes: [], ...model }))
  return path
}

async function read(model: Partial<OnnxModel>): Promise<Network> {
  return (await readModel(written(model))).network
}

const node = (
  op: string,
  inputs: string[],
  outputs: string[],
  attributes?: OnnxNode['attributes'],
): OnnxNode => ({ op, inputs, outputs, attributes })

const namesOf = ({ nodes }: Network): string[] =>
  nodes.map(({ operator }) => ('name' in operator ? operator.name : operator.type))

test('ONNX Runtime computes the constants that LETI cannot', async () => {
  const nodes = [
    node('Shape', ['x'], ['s']),
    node('Mod', ['s', 'five'], ['m']),
    node('Max', ['m', 'one'], ['e']),
    node('Tile', ['c', 'e'], ['t']),
    node('Sin', ['t'], ['sin']),
    node('Add', ['x', 'sin'], ['y']),
  ]
  const constants = { five: ints(5), one: ints(1), c: floats(1, 1, 6, 6) }
  const network = await read({ nodes, constants })
  expect(namesOf(network)).toEqual(['input', 'constant', 'add'])
})

test('ONNX Runtime tells the shapes of operators that LETI does not know', async () => {
  const nodes = [
    node('TopK', ['x', 'k'], ['v', 'at']),
    node('Cast', ['at'], ['f'], { to: 1 }),
    node('Conv', ['f', 'w'], ['y']),
  ]
  const network = await read({ nodes, constants: { k: ints(3), w: floats(8, 4, 1, 1) } })
  expect(networkCost(network).macs).toBe(6 * 3 * 4 * 8)
  expect(network.nodes[network.outputs[0]].shape).toEqual([6, 3, 8])
})

test('a shape that depends on the numbers of the input is refused, but not a selection', async () => {
  const ends = [
    node('ReduceMax', ['x'], ['n'], { keepdims: 0 }),
    node('Range', ['zero', 'n', 'one'], ['y']),
  ]
  const constants = { zero: scalar(0), one: scalar(1) }
  await expect(readModel(written({ nodes: ends, constants }))).rejects.toThrow(
    'the shape of tensor "y" depends on the numbers of the inputs',
  )
  const selected = [node('NonZero', ['x'], ['at']), node('Cast', ['at'], ['y'], { to: 1 })]
  expect((await read({ nodes: selected })).nodes.at(-1)?.shape).toEqual([4, 0])
})

test('a reduction whose axes are computed has no shape of its own', () => {
  const nodes = [
    node('ReduceMax', ['x'], ['m'], { keepdims: 0 }),
    node('Cast', ['m'], ['whole'], { to: 7 }),
    node('Reshape', ['whole', 'list'], ['axes']),
    node('ReduceSum', ['x', 'axes'], ['y'], { keepdims: 0 }),
  ]
  const file = onnxBytes({ nodes, constants: { list: ints(1) }, inputs: INPUTS, outputs: ['y'] })
  expect(() => readOnnx(file, 'axes')).toThrow('does not state its output shape')
})

test('a loop that reads nothing from outside is refused', async () => {
  const body = { nodes: [node('Relu', ['i'], ['o'])], outputs: ['o'] }
  const nodes = [node('Scan', ['', 'x'], ['y'], { body, num_scan_inputs: 1 })]
  await expect(readModel(written({ nodes }))).rejects.toThrow(
    'operator Scan "y" runs a graph in a loop',
  )
})

test('a convolution whose weights are computed says so', () => {
  const shape = [1, 4, 6, 6]
  const nodes = [node('Tanh', ['w'], ['v']), node('Conv', ['x', 'v'], ['y'])]
  const bytes = onnxBytes({ nodes, inputs: { x: shape, w: [4, 4, 1, 1] }, outputs: ['y'] })
  const { network } = readParsed(parseOnnx(bytes), 'forms', undefined, {
    shapes: new Map([['y', shape]]),
    varying: new Set(),
    constants: new Map(),
  })
  expect(namesOf(network)).toContain('Conv_with_computed_weights')
})

test('an operator that neither knows is refused with the remedy', async () => {
  const nodes = [{ ...node('Foo', ['x'], ['y']), domain: 'own' }]
  await expect(readModel(written({ nodes }))).rejects.toThrow(
    /^operator own.Foo is unknown to LETI and the file does not state its output shape, and ONNX Runtime cannot run it; add the shapes/,
  )
})

const branches = {
  then_branch: { nodes: [node('Relu', ['x'], ['a'])], outputs: ['a'] },
  else_branch: { nodes: [node('Conv', ['x', 'w'], ['b'])], outputs: ['b'] },
}

test.each([
  [1, ['input', 'relu']],
  [0, ['input', 'conv2d']],
])('an If whose condition is the constant %i is the branch', async (flag, expected) => {
  const constants = { k: scalar(flag), half: scalar(0.5), w: floats(8, 4, 1, 1) }
  const nodes = [node('Greater', ['k', 'half'], ['c']), node('If', ['c'], ['y'], branches)]
  expect(namesOf(await read({ nodes, constants }))).toEqual(expected)
})

test('a layer may have as many weights of one number as the largest of VGG', async () => {
  const nodes = [
    node('ConstantOfShape', ['s'], ['w']),
    node('Flatten', ['x'], ['rows']),
    node('Gemm', ['rows', 'w'], ['y'], { transB: 1 }),
  ]
  const constants = { s: ints(2 ** 17, 64) }
  const network = await read({ nodes, constants, inputs: { x: [1, 4, 4, 4] } })
  expect(networkCost(network).macs).toBe(2 ** 23)
})

test('an If of a branch is decided by the shape of a tensor', async () => {
  const inner = [
    node('Shape', ['x'], ['s']),
    node('Size', ['s'], ['n']),
    node('Equal', ['n', 'rank'], ['e']),
    node('Not', ['e'], ['c']),
    node('If', ['c'], ['a'], branches),
  ]
  const nodes = [
    node('If', ['flag'], ['y'], { ...branches, then_branch: { nodes: inner, outputs: ['a'] } }),
  ]
  const constants = { flag: scalar(1), rank: ints(4), w: floats(8, 4, 1, 1) }
  expect(namesOf(await read({ nodes, constants }))).toEqual(['input', 'conv2d'])
})

test('an If whose condition the inputs decide is refused, or read as the branch that is asked for', async () => {
  const nodes = [
    node('ReduceMax', ['x'], ['m'], { keepdims: 0 }),
    node('Cast', ['m'], ['c'], { to: 9 }),
    node('If', ['c'], ['y'], branches),
  ]
  const path = written({ nodes, constants: { w: floats(8, 4, 1, 1) } })
  await expect(readModel(path)).rejects.toThrow(
    'operator If chooses its work by the numbers of the inputs; choose a branch with --input-shape c=1, or c=0',
  )
  // The file computes the condition, whichever branch it takes.
  const rest = ['input', 'reduce_max', 'Cast']
  const { network } = await readModel(path, { c: 0 })
  expect(namesOf(network).toSorted()).toEqual([...rest, 'conv2d', 'If'].toSorted())
  expect(networkCost(network).macs).toBe(36 * 4 * 8)
  expect(namesOf((await readModel(path, { c: 1 })).network).toSorted()).toEqual(
    [...rest, 'relu', 'If'].toSorted(),
  )
  await expect(readModel(path, { c: 0, d: 1 })).rejects.toThrow(
    '"d" is no input and chooses no branch; the inputs of the file are: x',
  )
})

test('an If that one number decides is read as the input with that number says', async () => {
  const nodes = [
    node('Mul', ['rate', 'two'], ['twice']),
    node('Equal', ['twice', 'limit'], ['c']),
    node('If', ['c'], ['y'], branches),
  ]
  const constants = { two: scalar(2), limit: scalar(16), w: floats(8, 4, 1, 1) }
  const path = written({ nodes, constants, inputs: { x: [1, 4, 6, 6], rate: [] } })
  await expect(readModel(path)).rejects.toThrow(
    'operator If chooses its work by the number of input "rate"; fix it with --input-shape rate=16',
  )
  const of = async (rate: number): Promise<string[]> =>
    namesOf((await readModel(path, { rate })).network)
  expect(await of(8)).toEqual(['input', 'relu'])
  expect(await of(16)).toEqual(['input', 'conv2d'])
})

test('a size that does not fit the weights is refused with the one that does', async () => {
  const nodes = [node('Relu', ['x'], ['r']), node('MatMul', ['r', 'w'], ['y'])]
  const path = written({ nodes, constants: { w: floats(7, 3) }, inputs: { x: ['frames', 'bins'] } })
  await expect(readModel(path, [1, 64])).rejects.toThrow(
    'operator MatMul reads 64 channels, but its weights have 7; give the inputs the sizes that fit',
  )
  expect(networkCost((await readModel(path, [1, 7])).network).macs).toBe(21)
})

test('an open size that has the name of the batch is the batch', async () => {
  const nodes = [node('Squeeze', ['s', 'zero'], ['r']), node('Add', ['x', 'r'], ['y'])]
  const constants = { zero: ints(0) }
  const inputs = { x: ['batch', 8], s: [1, 'batch', 8] }
  expect(
    (await read({ nodes, constants, inputs })).nodes.map(({ shape }) => shape.at(-1)),
  ).toContain(8)
  const other = written({ nodes, constants, inputs: { ...inputs, s: [1, 'time', 8] } })
  await expect(readModel(other)).rejects.toThrow('set it with --input-shape s:1,?,8')
})

test('a function of the file is the operators that it holds', async () => {
  const own = (inputs: string[], outputs: string[]): OnnxNode => ({
    ...node('Act', inputs, outputs),
    domain: 'own',
  })
  const functions = [
    {
      name: 'Act',
      inputs: ['a'],
      outputs: ['b'],
      nodes: [node('Sigmoid', ['a'], ['s']), node('Mul', ['a', 's'], ['b'])],
    },
  ]
  const network = await read({ nodes: [own(['x'], ['h']), own(['h'], ['y'])], functions })
  expect(namesOf(network)).toEqual(['input', 'sigmoid', 'mul', 'sigmoid', 'mul'])
})

test('a function that calls itself is refused', async () => {
  const call = { ...node('Act', ['a'], ['b']), domain: 'own' }
  const functions = [{ name: 'Act', inputs: ['a'], outputs: ['b'], nodes: [call] }]
  const nodes = [{ ...node('Act', ['x'], ['y']), domain: 'own' }]
  await expect(readModel(written({ nodes, functions }))).rejects.toThrow('nested more than 16 deep')
})

const WEIGHTS = floats(8, 4, 1, 1)

function withWeightsIn(location: string): Partial<OnnxModel> {
  return { nodes: [node('Conv', ['x', 'w'], ['y'])], constants: { w: { ...WEIGHTS, location } } }
}

test('weights in a file beside the model are read, and belong to its digest', async () => {
  mkdirSync(join(folder, 'data'))
  writeFileSync(join(folder, 'data/w.bin'), WEIGHTS.floats as Float32Array)
  const path = written(withWeightsIn('data/w.bin'))
  const { network, weights, bytes, sha256 } = await readModel(path)
  expect(weights(network.nodes[1].name, 'filter')).toHaveLength(32)
  expect(bytes).toBeGreaterThan(32 * 4)
  const parts = await modelParts(path, 'onnx')
  expect(parts.map(({ name }) => name)).toEqual(['data/w.bin', path.slice(folder.length + 1)])
  writeFileSync(join(folder, 'data/w.bin'), new Float32Array(32))
  expect((await readModel(path)).sha256).not.toBe(sha256)
})

test('the weights of a branch may lie in a file beside the model', async () => {
  writeFileSync(join(folder, 'branch.bin'), WEIGHTS.floats as Float32Array)
  const branch = (tensor: Tensor): NestedGraph => ({
    nodes: [
      { ...node('Constant', [], ['v']), attributes: { value: tensor } },
      node('Conv', ['x', 'v'], ['z']),
    ],
    outputs: ['z'],
  })
  const decided = {
    ...node('If', ['c'], ['y']),
    attributes: {
      then_branch: branch({ ...WEIGHTS, location: 'branch.bin' }),
      else_branch: branch(WEIGHTS),
    },
  }
  const one = { shape: [], ints: [1] }
  const path = written({
    nodes: [node('Equal', ['one', 'one'], ['c']), decided],
    constants: { one },
  })
  const { network, weights } = await readModel(path)
  expect(weights(network.nodes[1].name, 'filter')).toHaveLength(32)
})

test.each([
  ['../secret.bin', 'is outside the folder of the model'],
  ['link.bin', 'is outside the folder of the model'],
  ['none.bin', 'cannot be read: no such file or directory; put it beside the model'],
  ['short.bin', 'does not hold the 32 numbers of its shape'],
])('weights in %s are refused', async (location, message) => {
  const outside = join(mkdtempSync(join(tmpdir(), 'leti-test-')), 'secret.bin')
  writeFileSync(outside, new Float32Array(32))
  writeFileSync(join(folder, 'short.bin'), new Float32Array(31))
  if (location === 'link.bin') symlinkSync(outside, join(folder, location))
  await expect(readModel(written(withWeightsIn(location)))).rejects.toThrow(message)
})
