import { copyFileSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { outcomeOf, outcomesOf, withBytesChanged, type Below } from '../../damage.fixture.js'
import { humanFile } from '../../human.fixture.js'
import { readModel } from '../../index.js'

const folder = mkdtempSync(join(tmpdir(), 'leti-test-'))
const path = join(folder, 'model.json')

/** Writes this `model.json` and returns the outcome of reading it. */
function outcomeOfText(text: string | Uint8Array): Promise<string> {
  writeFileSync(path, text)
  return outcomeOf(() => readModel(path))
}

/** Values to put in place of valid ones. */
const WRONG = [
  0,
  -1,
  0.5,
  1e9,
  1e300,
  '',
  'NaN',
  '-1',
  '99999999999',
  'x:7',
  null,
  true,
  [],
  {},
  [{}],
]

/** Removes a random nested member, or replaces its value. */
function damage(value: unknown, below: Below): void {
  for (let at = value; ;) {
    const entries: [string, unknown][] = Object.entries(at as object)
    if (entries.length === 0) return
    const [key, inner] = entries[below(entries.length)]
    if (typeof inner === 'object' && inner !== null && below(8) > 0) {
      at = inner
      continue
    }
    const parent = at as Record<string, unknown>
    if (below(5) === 0) Reflect.deleteProperty(parent, key)
    else parent[key] = WRONG[below(WRONG.length)]
    return
  }
}

describe.each(['emotion', 'liveness', 'facemesh'])('%s', (name) => {
  const text = readFileSync(humanFile(name), 'utf8')
  const shard = `${name}.bin`
  copyFileSync(join(dirname(humanFile(name)), shard), join(folder, shard))

  test('is read without damage', async () => {
    expect(await outcomeOfText(text)).toBe('none')
  })

  test('is bad-model if truncated', async () => {
    const outcomes = await outcomesOf(40, 1, (below) =>
      outcomeOfText(text.slice(0, below(text.length))),
    )
    expect([...outcomes]).toEqual(['bad-model'])
  })

  test('with a byte changed is read or refused', async () => {
    await outcomesOf(40, 1, (below) => outcomeOfText(withBytesChanged(Buffer.from(text), 1, below)))
  })

  test.each([1, 3, 30])('with %i members changed is read or refused', async (changes) => {
    const outcomes = await outcomesOf(40, changes, (below) => {
      const json: unknown = JSON.parse(text)
      for (let change = 0; change < changes; change++) damage(json, below)
      return outcomeOfText(JSON.stringify(json))
    })
    expect(outcomes).toContain('bad-model')
  })
})

describe('a hostile model.json', () => {
  const text = readFileSync(humanFile('emotion'), 'utf8')
  interface File {
    weightsManifest: { paths: string[]; weights: { shape: number[] }[] }[]
    modelTopology: { node: GraphNode[] }
  }
  interface GraphNode {
    name: string
    op: string
    input?: string[]
    attr?: object
  }

  function changed(change: (file: File) => void): string {
    const file = JSON.parse(text) as File
    change(file)
    return JSON.stringify(file)
  }

  test.each([
    '../emotion.bin',
    '/etc/passwd',
    'a/../../emotion.bin',
    'missing.bin',
    '',
    '.',
    'a\0b',
  ])('cannot name %j as a weight file', async (shard) => {
    const file = changed(({ weightsManifest: [group] }) => (group.paths = [shard]))
    expect(await outcomeOfText(file)).toBe('bad-model')
  })

  test('whose weights are not there is not called damaged', async () => {
    const file = changed(({ weightsManifest: [group] }) => (group.paths = ['missing.bin']))
    writeFileSync(path, file)
    await expect(readModel(path)).rejects.toThrow(
      /^weight file "missing.bin" cannot be read: no such file or directory; put it beside model.json$/,
    )
  })

  test.each<[string, (file: File) => void]>([
    [
      'a tensor larger than its file',
      ({ weightsManifest: [group] }) => (group.weights[1].shape = [2 ** 30, 4]),
    ],
    [
      'a shape with more elements than any number',
      ({ weightsManifest: [group] }) => (group.weights[1].shape = [1e200, 1e200]),
    ],
    [
      'a weight file listed many times',
      ({ weightsManifest: [group] }) => (group.paths = Array<string>(1e5).fill('emotion.bin')),
    ],
    ['no nodes', (file) => (file.modelTopology.node = [])],
  ])('cannot have %s', async (_name, change) => {
    expect(await outcomeOfText(changed(change))).toBe('bad-model')
  })

  test('cannot contain a cycle', async () => {
    const file = changed(({ modelTopology: { node } }) => {
      const last = node.find(({ op }) => op === 'Softmax') as GraphNode
      const first = node.find(({ op }) => op === '_FusedConv2D') as GraphNode
      first.input = [last.name, ...(first.input ?? []).slice(1)]
    })
    expect(await outcomeOfText(file)).toBe('unsupported')
  })

  test('cannot expand to a large network', async () => {
    const file = changed(({ modelTopology: { node } }) => {
      const last = node.find(({ op }) => op === 'Softmax') as GraphNode
      const attr = {
        shape: { shape: { dim: [{ size: '1' }, { size: '1024' }] } },
        dtype: { type: 'DT_FLOAT' },
      }
      node.push({ name: 'wide', op: 'Placeholder', attr })
      for (let at = 0; at < 1000; at++) {
        node.push({ name: `u${at}`, op: 'Unpack', input: ['wide'], attr: { axis: { i: '1' } } })
      }
      last.op = 'AddN'
      last.input = Array.from({ length: 1000 }, (_, at) => `u${at}:7`)
    })
    const json = JSON.parse(file) as { userDefinedMetadata?: object }
    delete json.userDefinedMetadata
    expect(await outcomeOfText(JSON.stringify(json))).toBe('unsupported')
  })

  test('cannot be nested deeply', async () => {
    expect(await outcomeOfText('['.repeat(1e6) + ']'.repeat(1e6))).toBe('bad-model')
  })
})
