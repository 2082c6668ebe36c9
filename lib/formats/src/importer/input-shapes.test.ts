import type { Shape } from '@leti/network'
import { expect, test } from 'vitest'
import { inputShapes, isInputShapes, type FileInput, type InputShapes } from './input-shapes.js'

const IMAGE: FileInput = { name: 'x', shape: [-1, 3, -1, -1] }
const TOKENS: FileInput = { name: 'ids:0', shape: [-1, 7] }
const ANY: FileInput = { name: 'any' }

test.each<[string, FileInput[], InputShapes | undefined, Shape[]]>([
  ['an open batch is 1', [TOKENS], undefined, [[1, 7]]],
  ['the only input needs no name', [IMAGE], [1, 3, 8, 9], [[1, 3, 8, 9]]],
  ['an input without a shape', [ANY], [5], [[5]]],
  [
    'only an open input must be named',
    [TOKENS, IMAGE],
    { x: [1, 3, 8, 9] },
    [
      [1, 7],
      [1, 3, 8, 9],
    ],
  ],
  ['a number stands for a shape', [ANY, TOKENS], { any: 2, 'ids:0': 0 }, [[], [1, 7]]],
  ['a fixed input may be named', [TOKENS], { 'ids:0': [2, 7] }, [[2, 7]]],
])('%s', (_name, inputs, asked, shapes) => {
  expect(inputShapes(inputs, asked)).toEqual(shapes)
})

test.each<[string, FileInput[], InputShapes | undefined, string, string]>([
  [
    'an open image',
    [TOKENS, IMAGE],
    undefined,
    'unsupported',
    'input "x" has no fixed shape; set it with --input-shape x:?,3,?,?',
  ],
  [
    'an input without a shape',
    [ANY],
    undefined,
    'unsupported',
    'input "any" has no fixed shape; set it with --input-shape any:...',
  ],
  [
    'another size',
    [IMAGE],
    [1, 1, 8, 9],
    'bad-arch',
    'input "x" cannot have the shape 1,1,8,9: in the file it is ?,3,?,?',
  ],
  [
    'another rank',
    [IMAGE],
    [1, 3, 8],
    'bad-arch',
    'input "x" cannot have the shape 1,3,8: in the file it is ?,3,?,?',
  ],
  [
    'several images',
    [IMAGE],
    [2, 3, 8, 9],
    'bad-arch',
    'input "x" cannot have the shape 2,3,8,9: the batch of images must be 1',
  ],
  [
    'a huge size',
    [ANY],
    [2 ** 16, 2 ** 16],
    'bad-arch',
    'input "any" cannot have the shape 65536,65536: it is too large',
  ],
  [
    'another name',
    [IMAGE],
    { y: [1] },
    'bad-arch',
    'unknown input "y"; the inputs of the file are: x',
  ],
  [
    'no name',
    [IMAGE, ANY],
    [1],
    'bad-arch',
    'the file has several inputs (x, any): write which one has the shape 1',
  ],
])('%s is refused', (_name, inputs, asked, code, message) => {
  expect(() => inputShapes(inputs, asked)).toThrow(expect.objectContaining({ code, message }))
})

test.each<[unknown, boolean]>([
  [[1, 3], true],
  [{ x: [1, 3], y: [2] }, true],
  ['1,3', false],
  [null, false],
  [[1, 0], false],
  [[1, '3'], false],
  [{ x: 3, y: [1] }, true],
  [{ x: NaN }, false],
  [3, false],
])('isInputShapes of %j is %j', (value, are) => {
  expect(isInputShapes(value)).toBe(are)
})
