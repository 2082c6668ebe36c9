import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { records, shell, SMALL } from './run.js'

const folder = mkdtempSync(join(tmpdir(), 'leti-test-'))
const TOOLS = [
  'nb101-sample',
  'space-sample',
  'kernel-sample',
  'fusion-probe',
  'gen-model',
  'device-run',
  'featurize',
  'train',
  'predict',
  'pick',
  'detrend',
  'evaluate',
  'search',
  'nb101-accuracy',
]

describe('every tool', () => {
  test.each(TOOLS)('%s --help lists its inputs and outputs, and two examples', async (tool) => {
    const { code, stdout } = await shell(`${tool} --help`)
    expect(code).toBe(0)
    expect(stdout).toMatch(/^Reads: {2}\S/m)
    expect(stdout).toMatch(/^Writes: \S/m)
    const examples = stdout.split('Examples:')[1].split('\n')
    expect(examples.filter((line) => line.includes(tool)).length).toBeGreaterThan(1)
  })

  test.each(TOOLS)('%s refuses an unknown option with exit code 2', async (tool) => {
    const { code, stdout, stderr } = await shell(`${tool} --no-such-option`)
    expect(code).toBe(2)
    expect(stdout).toBe('')
    expect(stderr).toMatch(new RegExp(`^${tool}: .*`))
    expect(stderr.trim().split('\n')).toHaveLength(1)
  })
})

test('gen-model stores no weights without --out', async () => {
  const { code, stdout, stderr } = await shell('nb101-sample -n 1 | gen-model --weights float16')
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toMatch(/^gen-model: --weights requires --out$/)
})

test.each([
  [
    'gen-model --zoo squeezenet1_1 --out package.json/models',
    /^gen-model: --out: .*not a directory/,
  ],
  ['featurize lib', /^featurize: cannot read lib: it is a folder$/],
  [
    'evaluate --learning-curve 5 --model transfer',
    /^evaluate: --model: unknown "transfer"; known: /,
  ],
  ['evaluate --model additive', /^evaluate: --model and --splits require --learning-curve$/],
])('%s is wrong usage', async (line, message) => {
  const { code, stdout, stderr } = await shell(line)
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toMatch(message)
})

test('an interrupted training ends at once', async () => {
  const cells = 'head -30 fixtures/measured/nb101-f64-node-wasm.ndjson'
  const graphs = `${cells} | featurize --set proxies,graph`
  // 124: the first signal was enough; 137: it had to be killed.
  const { code, stdout } = await shell(`${graphs} | timeout -s INT -k 20 5 train -q --model gcn`)
  expect({ code, stdout }).toEqual({ code: 124, stdout: '' })
})

describe('stdin and stdout', () => {
  test.each(['gen-model', 'featurize', 'featurize --csv', 'device-run -d node'])(
    '%s writes nothing for empty input',
    async (tool) => {
      expect(await shell(`${tool} < /dev/null`)).toEqual({ code: 0, stdout: '', stderr: '' })
    },
  )

  test('a malformed line costs only that line; the exit code is 1', async () => {
    const { code, stdout, stderr } = await shell(
      `(nb101-sample -n 1; echo '{"id":'; nb101-sample -n 2 | tail -1) | featurize --set proxies`,
    )
    expect(code).toBe(1)
    expect(records(stdout)).toHaveLength(2)
    expect(stderr).toMatch(/^stdin:2: not JSON: .*\n?$/)
  })

  test('--strict stops at the malformed line', async () => {
    const { code, stdout } = await shell(
      `(nb101-sample -n 1; echo '[]'; nb101-sample -n 1) | featurize --strict`,
    )
    expect(code).toBe(1)
    expect(records(stdout)).toHaveLength(1)
  })

  test('a record with an error passes unchanged; the exit code is 1', async () => {
    const line =
      '{"id":"a","error":{"tool":"device-run","code":"timeout","message":"m"},"mine":[1]}'
    for (const tool of ['gen-model', 'featurize', 'device-run -d node']) {
      const { code, stdout } = await shell(`${tool} <<< '${line}'`)
      expect({ tool, code, stdout }).toEqual({ tool, code: 1, stdout: line })
    }
  })

  test('unknown members pass unchanged', async () => {
    const { stdout } = await shell(`nb101-sample -n 1 | jq -c '.mine = {"a": 1}' | featurize`)
    expect(records(stdout)[0]).toHaveProperty('mine', { a: 1 })
  })

  test('a record with an invalid architecture gets an error', async () => {
    const line =
      '{"id":"a","arch":{"space":"nb101","module_adjacency":[[0]],"module_operations":[]}}'
    const { code, stdout, stderr } = await shell(`featurize <<< '${line}'`)
    expect(code).toBe(1)
    expect(records(stdout)[0]).toHaveProperty('error.code', 'bad-arch')
    expect(stderr).toMatch(/^stdin:1: the adjacency matrix must have at least two rows/)
  })

  test('files replace stdin, and errors name the file', async () => {
    const file = join(folder, 'bad.ndjson')
    writeFileSync(file, '\uFEFF{"id":"a","error":{}}\n\nnull\n')
    const { code, stdout, stderr } = await shell(`featurize ${file} ${file}`)
    expect(code).toBe(1)
    expect(records(stdout)).toHaveLength(2)
    expect(stderr.match(/bad\.ndjson:3: expected a LETI record: a JSON object/g)).toHaveLength(2)
    expect(await shell('featurize no-such-file')).toMatchObject({ code: 2, stdout: '' })
  })

  test.each([
    'nb101-sample --all | head -1',
    'nb101-sample --all | featurize | head -1',
    'nb101-sample --all | gen-model | head -1',
    `nb101-sample -n 50 ${SMALL} | device-run -d node --max-seconds 0 | head -1`,
  ])('%s ends quietly', async (line) => {
    const { code, stdout, stderr } = await shell(line)
    expect({ code, stderr: stderr.replace(/.*--precision\n?/g, '') }).toEqual({
      code: 0,
      stderr: '',
    })
    expect(records(stdout)).toHaveLength(1)
  })
})

describe('featurize', () => {
  test('--csv writes a header and one row per record', async () => {
    const { stdout } = await shell('nb101-sample -n 3 | featurize --set proxies,cell --csv')
    const rows = stdout.split('\n').map((row) => row.split(','))
    expect(rows).toHaveLength(4)
    expect(rows[0].slice(0, 5)).toEqual(['id', 'device', 'backend', 'latency_ms', 'macs'])
    for (const row of rows) expect(row).toHaveLength(rows[0].length)
  })

  test('all cells have the same features, in the same order', async () => {
    const { stdout } = await shell('nb101-sample -n 20 | featurize')
    const names = records(stdout).map((record) => Object.keys(record.features ?? {}).join())
    expect(new Set(names).size).toBe(1)
  })
})

test('progress is shown on a terminal', async () => {
  const { code, stdout } = await shell("script -qec 'device-run -d node < /dev/null' /dev/null")
  expect(code).toBe(0)
  expect(stdout).toContain('measured 0')
})

test('progress through a file is shown on a terminal, unless the results go into a pipe', async () => {
  const cells = join(folder, 'cells.ndjson')
  await shell(`nb101-sample -n 40 ${SMALL} > ${cells}`)
  const onTerminal = async (line: string) => (await shell(`script -qec "${line}" /dev/null`)).stdout
  const seen = await onTerminal(`featurize ${cells} > /dev/null`)
  expect(seen).toContain('100% 40 lines')
  // Nothing of it stays on the terminal.
  expect(seen.endsWith('\u001b[2K')).toBe(true)
  expect(await onTerminal(`featurize < ${cells} > /dev/null`)).toContain('100% 40 lines')
  // A pipe does not tell how much will come. Only the last tool shows its progress.
  const piped = await onTerminal(`cat ${cells} | featurize | featurize > /dev/null`)
  expect(piped).toMatch(/read 40 lines, \d[\d.]*\/s/)
  expect(piped).not.toContain('%')
  expect(await onTerminal('gen-model --zoo resnet18 > /dev/null')).toMatch(
    /written .* 1\/1, \d[\d.]*\/s/,
  )
  const none = `featurize ${cells} | cat > /dev/null; featurize -q ${cells} > /dev/null; gen-model --zoo resnet18`
  expect(await onTerminal(none)).not.toMatch(/read|written/)
})

test('featurize: the number of threads changes nothing', async () => {
  const cells = join(folder, 'many.ndjson')
  await shell(`nb101-sample -n 2200 ${SMALL} > ${cells}; echo '{"id":"a"}' >> ${cells}`)
  const one = await shell(`featurize --set proxies --jobs 1 ${cells} | sha256sum`)
  const two = await shell(`featurize --set proxies --jobs 2 ${cells} | sha256sum`)
  expect(two).toEqual(one)
  expect(two.stderr).toContain('many.ndjson:2201: no "arch"')
})

test('from cells to predictions, on latencies measured here', async () => {
  const predictor = join(folder, 'predictor.json')
  const train = await shell(
    `nb101-sample -n 30 --seed 1 ${SMALL} | device-run --device node --max-seconds 0.05 --no-verify -q |
     featurize | train > ${predictor}`,
  )
  expect(train.code).toBe(0)
  expect(train.stderr).toMatch(/MAPE/)
  const { code, stdout } = await shell(
    `nb101-sample -n 5 --seed 2 ${SMALL} | featurize | predict --predictor ${predictor}`,
  )
  expect(code).toBe(0)
  for (const { prediction } of records(stdout)) {
    expect(prediction?.latency_ms).toBeGreaterThan(0)
  }
  expect(records(stdout)).toHaveLength(5)
})

test('on 200 cells measured on a real CPU, ridge regression beats the MACs-only proxy', async () => {
  const { code, stdout } = await shell(
    'featurize fixtures/measured/nb101-f64-node-wasm.ndjson | train --model ridge',
  )
  expect(code).toBe(0)
  const { metrics, proxy, folds } = (
    JSON.parse(stdout) as {
      cross_validation: Record<'metrics' | 'proxy', Record<string, number>> & { folds: number }
    }
  ).cross_validation
  expect(folds).toBe(10)
  expect(metrics.count).toBe(200)
  expect(metrics.mape_percent).toBeLessThan(proxy.mape_percent)
  expect(metrics.within_5_percent).toBeGreaterThan(proxy.within_5_percent)
})
