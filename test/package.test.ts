// Installs the package that `make package` made into an empty folder, away from the clone, and uses it
// there on two versions of Node.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { execa } from 'execa'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import manifest from '../tools/leti/package.json' with { type: 'json' }
import { records, ROOT, shell, SMALL } from './run.js'

const TARBALL = join(ROOT, `leti-${manifest.version}.tgz`)
/** A second version of Node. npm has Node as packages, one per platform. */
const OTHER_NODE = process.version.startsWith('v24.') ? '20.12.2' : '24.22.3'
const NODE_PACKAGE = `node-${process.platform}-${process.arch}`
const NAMED = ['nb101-sample', 'gen-model', 'device-run', 'featurize', 'train', 'predict']

const folder = mkdtempSync(join(tmpdir(), 'leti-package-'))
const commands = join(folder, 'node_modules/.bin')

beforeAll(async () => {
  if (!existsSync(TARBALL)) throw new Error(`${TARBALL} is missing: run "make package" first`)
  const packages = [TARBALL, `${NODE_PACKAGE}@${OTHER_NODE}`]
  const quick = ['--no-audit', '--no-fund', '--prefer-offline']
  await execa('npm', ['install', '--prefix', folder, ...quick, ...packages], { cwd: folder })
}, 300_000)

afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('installs leti, and only the six tools of the pipe under their own names', () => {
  const installed = readdirSync(commands)
  expect(installed).toEqual(expect.arrayContaining(['leti', ...NAMED]))
  expect(installed).not.toContain('evaluate')
})

describe.each([
  [process.version, dirname(process.execPath)],
  [`v${OTHER_NODE}`, join(folder, 'node_modules', NODE_PACKAGE, 'bin')],
])('on Node %s', (version, node) => {
  const work = join(folder, version)
  const run = async (line: string) => {
    const PATH = [node, commands, process.env.PATH].join(delimiter)
    const { code, stdout, stderr } = await shell(line, {
      cwd: work,
      preferLocal: false,
      env: { PATH },
    })
    expect({ line, code, stderr: code ? stderr : '' }).toEqual({ line, code: 0, stderr: '' })
    return stdout
  }

  beforeAll(() => mkdirSync(work))

  test('samples, measures, learns and predicts', async () => {
    expect(await run('node --version')).toBe(version)
    await run(`nb101-sample -n 16 --seed 1 ${SMALL} | gen-model --out models > models.ndjson`)
    writeFileSync(join(work, 'devices.yaml'), 'mine: { target: node }\n')
    await run('device-run -q -d mine --max-seconds 0.2 models.ndjson | featurize > measured.ndjson')
    // The least of the runs is what a busy machine repeats.
    await run('train -q --statistic min measured.ndjson > predictor.json')
    const sampled = `nb101-sample -n 3 --seed 2 ${SMALL} | featurize`
    const predicted = records(await run(`${sampled} | predict --predictor predictor.json`))
    expect(predicted).toHaveLength(3)
    for (const { prediction } of predicted) {
      expect(prediction?.predictor).toMatch(/^mine-wasm-auto-/)
      expect(prediction?.latency_ms).toBeGreaterThan(0)
    }
    // So many that worker threads predict them. Some are out of the domain of 16 cells.
    const many = `nb101-sample -n 2600 --seed 2 ${SMALL} | predict --jobs 2 --predictor predictor.json`
    expect(records(await run(`(${many} || true) 2> /dev/null`))).toHaveLength(2600)
  })

  test('reaches the other tools through leti', async () => {
    const sampled = 'leti space-sample --space nb201 -n 20 | leti featurize'
    expect(records(await run(`${sampled} | leti pick -n 4`))).toHaveLength(4)
  })
})
