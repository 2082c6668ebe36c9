import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { parseDelegation } from './delegation.js'

const read = (name: string): Promise<string> =>
  readFile(new URL(`fixtures/${name}.txt`, import.meta.url), 'utf8')

const GPU =
  'INFO: Replacing 31 out of 31 node(s) with delegate (TfLiteGpuDelegateV2) node, yielding 1 partitions for subgraph 0.'
const PARTLY =
  'INFO: Explicitly applied GPU delegate, and the model graph will be partially executed by the delegate w/ 2 delegate kernels.'
const WHOLLY =
  'INFO: Explicitly applied GPU delegate, and the model graph will be completely executed by the delegate.'

test('an old build reports full delegation without counts', async () => {
  expect(parseDelegation(await read('interpreter-gpu'))).toEqual({ full: true })
})

test('NNAPI is applied but runs nothing', async () => {
  expect(parseDelegation(await read('logcat-nnapi'))).toEqual({ full: false, delegated_nodes: 0 })
})

test('a missing accelerator runs nothing', () => {
  const text = `WARN: GPU acceleration is unsupported on this platform.
VERBOSE: Replacing 9 out of 9 node(s) with delegate (TfLiteXNNPackDelegate) node, yielding 1 partitions for the whole graph.`
  expect(parseDelegation(text)).toEqual({ full: false, delegated_nodes: 0 })
})

test('the whole graph, with counts', () => {
  expect(parseDelegation(`${GPU}\n${WHOLLY}`)).toEqual({
    full: true,
    delegated_nodes: 31,
    total_nodes: 31,
    partitions: 1,
  })
})

// A phone with an MT6899: NNAPI runs 5 of 64 operators, the CPU's delegate runs the other 59.
test("operators of the CPU's own delegate do not count as delegated", () => {
  const text = `VERBOSE: Replacing 5 out of 64 node(s) with delegate (TfLiteNnapiDelegate) node, yielding 5 partitions for the whole graph.
VERBOSE: Replacing 59 out of 62 node(s) with delegate (TfLiteXNNPackDelegate) node, yielding 5 partitions for the whole graph.`
  expect(parseDelegation(text)).toEqual({
    full: false,
    delegated_nodes: 5,
    total_nodes: 64,
    partitions: 5,
  })
})

test('part of the graph, with or without counts', () => {
  expect(parseDelegation(PARTLY)).toEqual({ full: false, partitions: 2 })
  const counted = PARTLY.replace('', `${GPU.replace('31 out of 31', '17 out of 21')}\n`)
  expect(parseDelegation(counted)).toMatchObject({
    full: false,
    delegated_nodes: 17,
    total_nodes: 21,
  })
})

test('the CompiledModel prints only the counts', () => {
  const line =
    'INFO: Replacing 8 out of 8 node(s) with delegate (LITERT_CL) node, yielding 1 partitions'
  expect(parseDelegation(line)?.full).toBe(true)
  expect(parseDelegation(line.replace('8 out', '7 out'))?.full).toBe(false)
})

test('the counts overrule the words', () => {
  expect(parseDelegation(`${GPU.replace('31 out', '30 out')}\n${WHOLLY}`)?.full).toBe(false)
})

test('no line about delegation', () => {
  expect(parseDelegation('INFO: Loaded model')).toBeUndefined()
})
