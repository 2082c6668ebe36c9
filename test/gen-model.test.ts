import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { records, shell, SMALL } from './run.js'

const folder = mkdtempSync(join(tmpdir(), 'leti-test-'))
/** Two cells of one line each. */
let cells: string[]

beforeAll(async () => {
  const { stdout } = await shell(`nb101-sample -n 2 ${SMALL}`)
  cells = stdout.trim().split('\n')
})

afterAll(() => rmSync(folder, { recursive: true }))

/** Runs gen-model on these lines, in the test's folder. */
function genModel(options: string, lines: readonly string[], before = '') {
  writeFileSync(join(folder, 'in.ndjson'), lines.join('\n'))
  return shell(`cd ${folder}; ${before} gen-model ${options} in.ndjson`)
}

function named(line: string, id: string): string {
  return JSON.stringify({ ...(JSON.parse(line) as object), id })
}

describe('two networks with one id', () => {
  test('in one run: the first keeps its model, the second gets an error', async () => {
    const lines = [named(cells[0], 'a'), named(cells[1], 'a'), named(cells[0], 'a')]
    const { code, stdout, stderr } = await genModel('--out once', lines)
    expect(code).toBe(1)
    expect(stderr).toContain('in.ndjson:2: once/a/model.json is another model of the same id')
    const [first, second, again] = records(stdout)
    expect(second).toMatchObject({ error: { tool: 'gen-model', code: 'id-taken' } })
    expect(again).toEqual(first)
    const measured = await shell(`cd ${folder}; device-run -q -d node --max-seconds 0`, {
      stdin: 'pipe',
      input: `${JSON.stringify(first)}\n`,
    })
    expect(measured.stderr).toBe('')
    expect(records(measured.stdout)[0].measurement?.verified).toBe(true)
  })

  test('in two runs', async () => {
    const first = await genModel('--out twice', [named(cells[0], 'a')])
    const other = await genModel('--out twice', [named(cells[1], 'a')])
    expect(records(other.stdout)[0].error?.code).toBe('id-taken')
    const reseeded = await genModel('--out twice --seed 1', [named(cells[0], 'a')])
    expect(records(reseeded.stdout)[0].error?.code).toBe('id-taken')
    expect(await genModel('--out twice', [named(cells[0], 'a')])).toEqual(first)
    expect(first.code).toBe(0)
  })
})

test('an id that is too long for a folder costs one record', async () => {
  const lines = [named(cells[0], 'a'.repeat(300)), cells[1]]
  const { code, stdout } = await genModel('--out long', lines)
  expect(code).toBe(1)
  const [long, next] = records(stdout)
  expect(long.error).toMatchObject({
    code: 'system',
    message: expect.stringMatching(/^cannot write .* name too long$/) as string,
  })
  expect(existsSync(join(folder, next.model?.path ?? ''))).toBe(true)
  expect(readdirSync(join(folder, 'long'))).toEqual([next.id])
})

test('a model that does not fit costs one record and leaves nothing', async () => {
  // Like a full disk: no file may exceed 1 MiB, and a shard of ResNet-18 has four.
  const large = '{"id":"large","arch":{"space":"zoo","name":"resnet18","resolution":224}}'
  const { code, stdout } = await genModel('--out full', [large, cells[0]], 'ulimit -f 1024;')
  expect(code).toBe(1)
  const [failed, next] = records(stdout)
  expect(failed.error).toMatchObject({
    code: 'system',
    message: 'cannot write the model into full: file too large',
  })
  expect(readdirSync(join(folder, 'full'))).toEqual([next.id])
})

describe('--out is wrong usage', () => {
  test.each([
    ['a file', 'in.ndjson', 'cannot write to in.ndjson: it is not a folder'],
    ['in a file', 'in.ndjson/a', 'cannot write to in.ndjson/a: not a directory'],
    // Not even root may create a folder there.
    ['not writable', '/sys/leti', 'cannot write to /sys/leti: '],
    ['empty', "''", '--out must name a folder'],
  ])('if it is %s', async (_what, out, message) => {
    const { code, stdout, stderr } = await genModel(`--out ${out}`, cells)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain(message)
  })

  test('and nothing is created if another option is wrong', async () => {
    const wrong = ['--zoo vgg --out new', '--from none.onnx --out new', '--width 1 --out new']
    for (const options of wrong) expect((await genModel(options, cells)).code).toBe(2)
    expect((await genModel('--out new none.ndjson', cells)).code).toBe(2)
    expect(existsSync(join(folder, 'new'))).toBe(false)
  })
})
