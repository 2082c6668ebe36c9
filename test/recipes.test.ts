import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { records, ROOT, shell, SMALL, type TestRecord } from './run.js'

// The recipes of fixtures/recipes and `make study`, with networks that take a moment.

const folder = mkdtempSync(join(tmpdir(), 'leti-test-'))
const RECIPES = join(ROOT, 'fixtures/recipes')
const RUN = 'device-run -q --visits 2 --max-seconds 0.02 --no-verify'

function make(target: string) {
  const variables = [
    `SAMPLE='nb101-sample --seed 1 ${SMALL}'`,
    `RUN='${RUN}'`,
    "TRAIN='train -q --mixed --model flops'",
    'GATE=5',
  ]
  return shell(`cd ${folder}; make -s -f ${RECIPES}/Makefile ${variables.join(' ')} ${target}`)
}

const intervalOf = ({ measurement }: TestRecord): [number, number] =>
  measurement?.latency_ms.ci95 ?? [NaN, NaN]

const at = (name: string): string => join(folder, 'node', name)
const read = (name: string) => records(readFileSync(at(name), 'utf8'))

test('Makefile: measures what is new, trains, reports; the gate tells what became slower', async () => {
  expect(await make('N=8')).toMatchObject({ code: 0 })
  expect(read('visits.ndjson')).toHaveLength(16)
  expect(readFileSync(at('report.html'), 'utf8')).toContain(read('measured.ndjson')[0].id)
  const reported = statSync(at('report.html')).mtimeMs

  // Nothing to do, then two networks more.
  expect(await make('N=8')).toMatchObject({ code: 0 })
  expect(statSync(at('report.html')).mtimeMs).toBe(reported)
  const earlier = readFileSync(at('visits.ndjson'), 'utf8')
  expect(await make('N=10')).toMatchObject({ code: 0 })
  expect(readFileSync(at('visits.ndjson'), 'utf8').startsWith(earlier)).toBe(true)
  expect(read('visits.ndjson')).toHaveLength(20)
  expect(statSync(at('report.html')).mtimeMs).toBeGreaterThan(reported)

  // The search gets only networks that the predictor accepts: which ones depends on how disturbed the runs were.
  const predict = `featurize | predict -q --predictor ${at('predictor.json')}`
  const known = await shell(`nb101-sample --seed 1 ${SMALL} -n 100 | ${predict}`)
  const able = records(known.stdout).filter(({ error }) => !error)
  expect(able.length).toBeGreaterThanOrEqual(16)
  const lines = able.slice(0, 16).map(({ id, arch }) => JSON.stringify({ id, arch }) + '\n')
  writeFileSync(join(folder, 'more.ndjson'), lines.join(''))
  const searching =
    "BUDGET=1000 MEASUREMENTS=4 SPACE=more.ndjson SEARCH='search -q --best 16 --risk 0.5'"
  expect(await make(`N=10 ${searching} front`)).toMatchObject({ stderr: '' })
  const searched = read('searched.ndjson').slice(read('measured.ndjson').length)
  // Two visits of each.
  expect(new Set(searched.map(({ id }) => id)).size).toBe(4)
  expect(searched).toHaveLength(8)
  expect(searched.every(({ measurement }) => measurement)).toBe(true)
  expect(read('front.ndjson').some(({ id }) => id === searched[0].id)).toBe(true)

  expect(await make('N=10 baseline')).toMatchObject({ code: 0 })
  expect(await make('N=10 SLOWER=100000% nightly')).toMatchObject({ code: 0 })
  // As if the device had been a thousand times faster: intervals of a busy computer are wide.
  const faster = read('baseline.ndjson').map((record) => {
    const { latency_ms } = record.measurement ?? {}
    const thousandth = (value: unknown): unknown =>
      Array.isArray(value) ? value.map(thousandth) : Number(value) / 1000
    const entries = Object.entries(latency_ms ?? {}).map(([name, value]) => [
      name,
      name === 'count' ? value : thousandth(value),
    ])
    const measurement = { ...record.measurement, latency_ms: Object.fromEntries(entries) as object }
    return JSON.stringify({ ...record, measurement }) + '\n'
  })
  writeFileSync(at('baseline.ndjson'), faster.join(''))
  const { code, stderr } = await make('N=10 nightly')
  expect(code).not.toBe(0)
  // Visits that differ too much do not tell.
  const [file] = readdirSync(at('nights')).filter((name) => !name.includes('visits'))
  const night = new Map(read(`nights/${file}`).map((record) => [record.id, intervalOf(record)]))
  const apart = read('baseline.ndjson').filter((record) => {
    const [low] = night.get(record.id) ?? [NaN]
    return low > intervalOf(record)[1]
  })
  const named = apart.filter(({ id }) => stderr.includes(`slower by more than 5%: ${id}`))
  expect(named).not.toEqual([])
  expect(named).toEqual(apart)
})

test('hosts.sh: every network is measured once on one of the hosts', async () => {
  const { code, stdout } = await shell(
    `nb101-sample -n 26 ${SMALL} | ${RECIPES}/hosts.sh 1/: -q -d node --max-seconds 0 --no-verify --visits 1`,
  )
  expect(code).toBe(0)
  expect(new Set(records(stdout).map(({ id }) => id)).size).toBe(26)
  expect(records(stdout)).toHaveLength(26)
})

test('the command of crontab is a target of the Makefile', () => {
  const [, target] =
    /make -s DEVICE=pixel (\w+)/.exec(readFileSync(join(RECIPES, 'crontab'), 'utf8')) ?? []
  expect(readFileSync(join(RECIPES, 'Makefile'), 'utf8')).toMatch(new RegExp(`^${target}:`, 'm'))
})

test('make study: the tables equal those of evaluate, and the report is there; pack keeps it', async () => {
  const [out, packed] = [join(folder, 'study'), join(folder, 'packed')]
  const small =
    "CELLS=10 TRAINING=8 SECONDS_small=0.02 'CONFIG_small=--stem-filter-size 4' METHODS=flops"
  // A busy computer makes measurements wrong, which are left out: at least five are needed.
  const zoo =
    "'ZOO_small=squeezenet1_1,shufflenet_v2,mobilenet_v3_small,mnasnet_b1,squeezenet1_0,mnasnet_a1,mobilenet_v1,mobilenet_v3_large --resolution 32'"
  const study = `-f scripts/study.mk study OUT=${out} PACKED=${packed} DEVICE='node+wasm node+cpu' RUN='${RUN}' TRAIN='train --mixed --model flops' ${small} ${zoo} ZOO_TRAINING_small=7`
  const { code, stdout, stderr } = await shell(`make -s ${study} pack`)
  expect(code, stderr).toBe(0)
  const evaluated = await shell(
    `jq -c 'select(.arch.space == "nb101")' ${out}/node+wasm/measured.ndjson | evaluate --learning-curve 8 --model flops`,
  )
  expect(stdout).toContain(evaluated.stdout)
  expect(existsSync(join(out, 'report.html'))).toBe(true)
  // From the packed visits, the same tables follow.
  const again = await shell(
    `zcat ${packed}/node+wasm.ndjson.gz | detrend | jq -c 'select(.arch.space == "nb101" and .measurement)' | featurize | evaluate --learning-curve 8 --model flops`,
  )
  expect(again.stdout).toBe(evaluated.stdout)
  expect(readFileSync(join(packed, 'tables.txt'), 'utf8')).toContain(evaluated.stdout)
  expect(existsSync(join(packed, 'latency-macs.svg'))).toBe(true)

  const todo = (): Promise<string> => shell(`make -n ${study}`).then((dry) => dry.stdout)
  expect(await todo()).not.toContain('device-run')
  rmSync(join(out, 'node+cpu'), { recursive: true })
  expect(await todo()).toContain('-d node --backend cpu')
}, 240_000)
