import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { records, shell, SMALL } from './run.js'

const folder = mkdtempSync(join(tmpdir(), 'leti-test-'))

afterAll(() => rmSync(folder, { recursive: true }))

/** Names that mean something in a URL, to a shell, or to a program that takes options. */
const NAMES = [
  'a b',
  'käse',
  'a+b',
  '(1)',
  "it's",
  '"q"',
  '#1',
  '50%',
  '%41',
  'a?b=c&d',
  '.a',
  '-x',
]

async function generated(format: string): Promise<string> {
  const line = `nb101-sample -n 1 ${SMALL} | gen-model --format ${format} --out ${folder}/${format}`
  const [record] = records((await shell(line)).stdout)
  return record.model?.path ?? ''
}

/** Copies a model into a folder and files of this name; returns the file to load. */
function copyOfTfjs(path: string, name: string): string {
  const copy = join(folder, 'tfjs copies', name)
  mkdirSync(join(copy, name), { recursive: true })
  const json = JSON.parse(readFileSync(path, 'utf8')) as { weightsManifest: { paths: string[] }[] }
  const [group] = json.weightsManifest
  const [shard] = group.paths
  copyFileSync(join(dirname(path), shard), join(copy, name, `${name}.bin`))
  group.paths = [`${name}/${name}.bin`]
  const model = join(copy, `${name}.json`)
  writeFileSync(model, JSON.stringify(json))
  return model
}

function copyOfTflite(path: string, name: string): string {
  const copy = join(folder, `${name}.tflite`)
  copyFileSync(path, copy)
  return copy
}

test.each([
  ['tfjs', 'tfjs', copyOfTfjs],
  ['litert', 'tflite', copyOfTflite],
])('a browser measures files of any name with %s', async (runtime, format, copyOf) => {
  const path = await generated(format)
  const lines = NAMES.map((name, index) =>
    JSON.stringify({ id: String(index), model: { format, path: copyOf(path, name) } }),
  )
  const input = join(folder, `${runtime}.ndjson`)
  writeFileSync(input, lines.join('\n'))
  const run = `device-run -q -d chromium --runtime ${runtime} --no-verify --max-seconds 0 ${input}`
  const { code, stdout, stderr } = await shell(run)
  expect(stderr).toBe('')
  expect(code).toBe(0)
  const measured = records(stdout).map(
    ({ measurement }) => (measurement?.latency_ms.median ?? 0) > 0,
  )
  expect(measured).toEqual(NAMES.map(() => true))
})
