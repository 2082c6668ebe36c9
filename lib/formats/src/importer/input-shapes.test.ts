import type { Shape } from '@leti/network'
import { expect, test } from 'vitest'
import { inputShapes, isInputShapes, type FileInput, type InputShapes } from './input-shapes.js'

const IMAGE: FileInput = { name: 'x', shape: [-1, 3, -1, -1] }
const TOKENS: FileInput = { name: 'ids:0', shape: [-1, 7] }
const ANY: FileInput = { name: 'any' }

test.each<[string, FileInput[], InputShapes | undefined, Shape[]]>([
  ['an open batch is 1', [TOKENS], undefined, [[1, 7]]],
  ['the only input needs no name', [IMAGE], [1, 3, 8, 9], [[1, 3, 8, 9]]],
  ['an input of which nothing is said', [ANY], [5], [[5]]],
  [
    'only what is open has to be named',
    [TOKENS, IMAGE],
    { x: [1, 3, 8, 9] },
    [
      [1, 7],
      [1, 3, 8, 9],
    ],
  ],
  ['what is fixed may be named', [TOKENS], { 'ids:0': [2, 7] }, [[2, 7]]],
])('%s', (_name, inputs, asked, shapes) => {
  expect(inputShapes(inputs, asked)).toEqual(shapes)
})

test.each<[string, FileInput[], InputShapes | undefined, string, string]>([
  [
    'an open image',
    [TOKENS, IMAGE],
    undefined,
    'unsupported',
    'the input x has no fixed shape: give it with --input-shape x:?,3,?,?',
  ],
  [
    'an input of which nothing is said',
    [ANY],
    undefined,
    'unsupported',
    'the input any has no fixed shape: give it with --input-shape any:...',
  ],
  [
    'another size',
    [IMAGE],
    [1, 1, 8, 9],
    'bad-arch',
    'the input x cannot be 1,1,8,9: it is ?,3,?,? in the file',
  ],
  [
    'another rank',
    [IMAGE],
    [1, 3, 8],
    'bad-arch',
    'the input x cannot be 1,3,8: it is ?,3,?,? in the file',
  ],
  [
    'several images',
    [IMAGE],
    [2, 3, 8, 9],
    'bad-arch',
    'the input x cannot be 2,3,8,9: images come one at a time',
  ],
  [
    'a size beyond all',
    [ANY],
    [2 ** 16, 2 ** 16],
    'bad-arch',
    'the input any cannot be 65536,65536: no memory holds it',
  ],
  ['another name', [IMAGE], { y: [1] }, 'bad-arch', 'no input is called y: the file has x'],
  ['no name', [IMAGE, ANY], [1], 'bad-arch', 'name the input of the shape 1: the file has x, any'],
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
  [{ x: 3 }, false],
])('%j are shapes: %j', (value, are) => {
  expect(isInputShapes(value)).toBe(are)
})
