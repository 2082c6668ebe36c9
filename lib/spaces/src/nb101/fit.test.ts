import { expect, test } from 'vitest'
import { parseConfig } from './config.js'
import { checkSize, checkWidth } from './fit.js'
import { labelingOf, packCell } from './graph.js'
import { recordOfSpec } from './record.js'

/** Input, two vertices side by side, output. Bits of edges: 0-1, 0-2, 1-2, 0-3, 1-3, 2-3. */
const TWO_FEEDERS = packCell({ vertices: 4, edges: 0b110011, labeling: labelingOf([0, 0]) })
/** The same, with an edge from the input to the output, which needs no channels of its own. */
const AND_INPUT = packCell({ vertices: 4, edges: 0b111011, labeling: labelingOf([0, 0]) })
const CELLS = {
  code: (cell: number): number => [TWO_FEEDERS, AND_INPUT][cell],
  hash: (): string => 'abc',
}

test('each vertex that feeds the output needs a channel', () => {
  const check = (stem_filter_size: number) => () =>
    checkWidth(CELLS, [0, 1], parseConfig({ stem_filter_size }))
  expect(check(1)).toThrow('a stem of 1 channels is too narrow: 2 vertices of cell abc share them')
  expect(check(2)).not.toThrow()
})

test.each([
  [{ stem_filter_size: 2 ** 24, input_shape: [4096, 4096, 3] }],
  [{ num_stacks: 500, num_modules_per_stack: 1 }],
])('a configuration without networks is refused: %j', (config) => {
  expect(() => checkSize(parseConfig(config))).toThrow('too large')
})

test("a cell in the public API's form that does not fit is refused", () => {
  const spec = {
    matrix: [
      [0, 1, 1, 0],
      [0, 0, 0, 1],
      [0, 0, 0, 1],
      [0, 0, 0, 0],
    ],
    ops: ['input', 'conv3x3-bn-relu', 'conv3x3-bn-relu', 'output'],
  }
  expect(() => recordOfSpec(spec, parseConfig({ stem_filter_size: 1 }))).toThrow('no output')
})

test.each([
  [{}, 'no "module_adjacency" or "matrix"'],
  [{ id: 'nb101-0', arch: { space: 'nb101' } }, 'so it is a record already'],
  ['[]', 'each line must be a JSON object'],
])('%j is no cell in the form of the public API', (spec, message) => {
  expect(() => recordOfSpec(spec, parseConfig(undefined))).toThrow(message)
})
