import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { PUBLIC_DIGEST } from '../lib/spaces/src/index.js'
import { records, ROOT, shell } from './run.js'

const folder = mkdtempSync(join(tmpdir(), 'leti-test-'))
const ids = async (args: string): Promise<string[]> =>
  records((await shell(`nb101-sample ${args}`)).stdout).map(({ id }) => id)

test('of an option that is repeated, the last value counts', async () => {
  expect(await ids('-n 3 -n 1')).toHaveLength(1)
})

describe('--all', () => {
  test('writes every published cell once; a damaged index causes only a warning', async () => {
    const copy = join(folder, 'tool')
    const tool = join(ROOT, 'tools/nb101-sample')
    await shell(`mkdir -p ${copy}/build && cp -r ${tool}/{bin,bundle,package.json} ${copy}`)
    writeFileSync(join(copy, 'build/nb101.index'), 'damaged')
    const built = join(folder, 'built.ndjson')
    const { code, stderr } = await shell(`${copy}/bin/nb101-sample.cjs --all > ${built}`)
    expect(code).toBe(0)
    expect(stderr).toMatch(/no index \(not the index/)
    const hashes = `sed 's/^{"id":"nb101-//; s/".*//' ${built} | LC_ALL=C sort`
    const { stdout } = await shell(`${hashes} | head -c -1 | sha256sum`)
    expect(stdout).toBe(`${PUBLIC_DIGEST}  -`)
    // The order is that of the index.
    expect(await shell(`nb101-sample --all | cmp - ${built}`)).toMatchObject({ code: 0 })
    rmSync(copy, { recursive: true })
    rmSync(built)
  })

  test('begins with the smallest cell', async () => {
    const { stdout } = await shell('nb101-sample --all | head -1')
    // Only input and output.
    expect(await ids('--all --vertices 2')).toEqual([records(stdout)[0].id])
  })
})

describe('a draw', () => {
  test('depends only on the seed and repeats no cell', async () => {
    const drawn = await ids('-n 500 --seed 7')
    expect(await ids('-n 500 --seed 7')).toEqual(drawn)
    expect(await ids('-n 500 --seed 8')).not.toEqual(drawn)
    expect(new Set(drawn).size).toBe(500)
  })

  test('begins with the cells of a shorter draw', async () => {
    expect((await ids('-n 100 --seed 1')).slice(0, 60)).toEqual(await ids('-n 60 --seed 1'))
  })

  test('is uniform: cells of seven vertices have the same share as in the space', async () => {
    const { stdout } = await shell('nb101-sample -n 4000 --seed 3')
    const seven = records(stdout).filter(({ arch }) => arch.module_operations.length === 7)
    const { stdout: count } = await shell('nb101-sample --all --vertices 7 | wc -l')
    // Four standard deviations of the share of 4000 draws.
    const share = Number(count) / 423_624
    const deviation = Math.sqrt((share * (1 - share)) / 4000)
    expect(Math.abs(seven.length / 4000 - share)).toBeLessThan(4 * deviation)
  })

  test('excludes the cells of --exclude', async () => {
    const taken = join(folder, 'taken.ndjson')
    await shell(`nb101-sample --all --vertices 2-4 | head -50 > ${taken}`)
    const all = await ids('--all --vertices 2-4')
    const rest = await ids(`-n ${all.length - 50} --vertices 2-4 --exclude ${taken}`)
    expect(rest.sort()).toEqual(all.slice(50).sort())
  })

  test('is refused if the filters leave fewer cells', async () => {
    const { code, stdout, stderr } = await shell('nb101-sample -n 2 --vertices 2')
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(/cannot draw 2 cells: there are only 1 to draw from/)
  })

  test('--stratify vertices draws equally from each number of vertices', async () => {
    const { stdout } = await shell('nb101-sample -n 40 --stratify vertices --vertices 4-7')
    const counts = new Map<number, number>()
    for (const { arch } of records(stdout)) {
      const { length } = arch.module_operations
      counts.set(length, (counts.get(length) ?? 0) + 1)
    }
    expect(Object.fromEntries(counts)).toEqual({ 4: 10, 5: 10, 6: 10, 7: 10 })
  })

  test('--stratify macs draws equally from each decile of MACs', async () => {
    const macs = async (args: string): Promise<number[]> => {
      const { stdout } = await shell(`nb101-sample ${args} --vertices 2-5 | gen-model`)
      return records(stdout).map(({ model }) => model?.macs ?? NaN)
    }
    const all = (await macs('--all')).sort((a, b) => a - b)
    const drawn = await macs('-n 20 --stratify macs')
    for (const decile of [0, 4, 9]) {
      const low = all[Math.floor((decile * all.length) / 10)]
      const high = all[Math.floor(((decile + 1) * all.length) / 10) - 1]
      const inside = drawn.filter((value) => value >= low && value <= high).length
      expect(inside).toBeGreaterThanOrEqual(2)
    }
  })
})

describe('filters', () => {
  test('--vertices, --edges and --operations', async () => {
    const { stdout } = await shell(
      'nb101-sample --all --vertices 4,5 --edges 4-5 --operations conv1x1-bn-relu,maxpool3x3',
    )
    const found = records(stdout)
    expect(found.length).toBeGreaterThan(10)
    for (const { arch } of found) {
      const operations = arch.module_operations
      const edges = arch.module_adjacency.flat().filter(Boolean).length
      expect([4, 5]).toContain(operations.length)
      expect([4, 5]).toContain(edges)
      expect(operations).not.toContain('conv3x3-bn-relu')
    }
  })

  test.each([
    '--vertices x',
    '--vertices 7-5',
    '--edges 20',
    '--operations conv9x9',
    '--input-shape 32',
    '--seed 4294967296',
    '--stratify macs',
    '--hash f00',
    '',
  ])('"%s" is wrong usage', async (option) => {
    const { code, stdout } = await shell(`nb101-sample ${option} ${option && '--all'}`)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  })

  test('the error for an unknown --stratify lists the known ones', async () => {
    expect(await shell('nb101-sample -n 5 --stratify size')).toMatchObject({
      code: 2,
      stderr: 'nb101-sample: --stratify: unknown "size"; known: vertices, edges, macs',
    })
  })
})

describe('--hash', () => {
  const HASH = 'b8597a435b198d4c4824d95a9f185f7c'

  test('looks up cells by hash or id; an unknown hash is an error', async () => {
    const none = '0'.repeat(32)
    const { code, stdout, stderr } = await shell(
      `nb101-sample --hash nb101-${HASH},${HASH},f00,${none}`,
    )
    expect(code).toBe(1)
    expect(records(stdout).map(({ id }) => id)).toEqual([`nb101-${HASH}`, `nb101-${HASH}`])
    expect(stderr).toMatch(/"f00" is not a hash or id of a cell in NAS-Bench-101/)
    expect(stderr).toContain(`"${none}" is not a hash`)
  })

  test('finds the published cells by their published hashes', async () => {
    const golden = readFileSync(join(ROOT, 'fixtures/nb101-golden.json'), 'utf8')
    const hashes = (JSON.parse(golden) as { module_hash: string }[]).map((cell) => cell.module_hash)
    // The hash of each found cell is computed again.
    const { stdout } = await shell(
      `nb101-sample --hash ${hashes.join(',')} | jq -c .arch | nb101-sample --spec -`,
    )
    expect(records(stdout).map(({ id }) => id)).toEqual(hashes.map((hash) => `nb101-${hash}`))
  })

  test('reads hashes from stdin', async () => {
    const { stdout } = await shell(`echo ${HASH} | nb101-sample --hash -`)
    expect(records(stdout)).toHaveLength(1)
  })
})

describe('--spec', () => {
  const CELL = '{"matrix":[[0,1,0],[0,0,1],[0,0,0]],"ops":["input","conv5x5-bn-relu","output"]}'

  test("reads cells in the public API's form and skips a bad line", async () => {
    const { code, stdout, stderr } = await shell(
      `(echo '${CELL}'; echo '{"matrix":[[0]],"ops":[]}'; nb101-sample -n 1 | jq -c .arch) |
       nb101-sample --spec -`,
    )
    expect(code).toBe(1)
    expect(stderr).toMatch(/^stdin:2: the adjacency matrix/)
    expect(records(stdout)).toHaveLength(2)
    expect(records(stdout)[1].id).toBe((await ids('-n 1'))[0])
  })

  test('writes nothing for empty input', async () => {
    expect(await shell('nb101-sample --spec - < /dev/null')).toMatchObject({ code: 0, stdout: '' })
  })
})

test('the record and its id contain the configuration', async () => {
  const { stdout } = await shell('nb101-sample -n 1 --stem-filter-size 16 --input-shape 64x64x3')
  const [{ id, arch }] = records(stdout)
  expect(id).toMatch(/^nb101-[0-9a-f]{32}-i64x64x3-f16$/)
  expect(arch.config).toEqual({ input_shape: [64, 64, 3], stem_filter_size: 16 })
})

test.each([
  ['-n 5 --stem-filter-size 1', 'a stem of 1 channels is too narrow'],
  ['--all --stem-filter-size 2', 'a stem of 2 channels is too narrow'],
  ['-n 5 --stratify macs --stem-filter-size 1', 'a stem of 1 channels is too narrow'],
  ['-n 5 --num-stacks 100000 --num-modules-per-stack 100000', 'is 10000000000: the limit is'],
  ['-n 5 --input-shape 16777216x16777216x3', 'too large'],
  ['-n 5 --num-labels 1e300', 'config.num_labels must be'],
])('%s, which no network can have, is refused before the first record', async (args, message) => {
  const { code, stdout, stderr } = await shell(`nb101-sample ${args}`)
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toContain(message)
})
