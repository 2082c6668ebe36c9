import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { execa } from 'execa'
import { describe, expect, test } from 'vitest'
import { ROOT, shell, startTool, until } from './run.js'

const folder = mkdtempSync(join(tmpdir(), 'leti-test-'))
const MEASURED = 'fixtures/measured/nb101-f64-node-wasm.ndjson'

describe('stdout that takes nothing ends the tool at once, with one line', () => {
  test.each([
    'nb101-sample -n 3',
    'featurize --help',
    'featurize --version',
    'leti --help',
    'leti completion',
    `featurize ${MEASURED}`,
    // It would write only at its end.
    `train --model gcn ${MEASURED}`,
    'yes | featurize',
  ])('%s', async (line) => {
    const full = await shell(`${line} > /dev/full`)
    expect(full).toMatchObject({ code: 1, stdout: '' })
    expect(full.stderr).toMatch(/^[\w -]+: cannot write stdout: no space left on device$/)
    const closed = await shell(`${line} >&-`)
    expect(closed.code).toBe(1)
    expect(closed.stderr).toMatch(/^[\w -]+: cannot write stdout: it is closed.*$/)
  })

  // A limit on the size of files stands for a full disk: the last write is a short one.
  test.each([
    `train --model linear ${join(folder, 'featurized.ndjson')}`,
    `featurize ${MEASURED}`,
    'leti --schema record',
  ])('a disk that fills up: %s', async (line) => {
    await shell(`featurize ${MEASURED} > ${join(folder, 'featurized.ndjson')}`)
    const out = join(folder, 'cut')
    const { code, stderr } = await shell(`ulimit -f 1; ${line} > ${out}`)
    expect(statSync(out).size).toBe(1024)
    expect(code).toBe(1)
    expect(stderr).toMatch(/^\w+: cannot write stdout: file too large$/)
  })

  test('the null device is no closed stdout', async () => {
    expect(await shell('featurize --help > /dev/null')).toMatchObject({ code: 0, stderr: '' })
    const { exitCode } = await execa('featurize', ['--help'], {
      stdio: 'ignore',
      preferLocal: true,
      localDir: ROOT,
    })
    expect(exitCode).toBe(0)
  })
})

test.each(['2> /dev/full', '2>&-', '2> >(true)'])('with %s the run goes on', async (stderr) => {
  const line = `(echo nonsense; nb101-sample -n 300; echo nonsense) | featurize --set proxies ${stderr}`
  const { code, stdout } = await shell(line)
  expect(code).toBe(1)
  expect(stdout.split('\n')).toHaveLength(300)
})

test('a folder as stdin is wrong usage', async () => {
  expect(await shell('featurize < lib')).toEqual({
    code: 2,
    stdout: '',
    stderr: 'featurize: cannot read stdin: it is a folder',
  })
})

describe('a FIFO', () => {
  const fifo = join(folder, 'fifo')
  execFileSync('mkfifo', [fifo])

  test('is read, whoever opens it first', async () => {
    const line = `(sleep 1; nb101-sample -n 3 > ${fifo}) & featurize --set proxies ${fifo}`
    const { code, stdout } = await shell(line)
    expect(code).toBe(0)
    expect(stdout.split('\n')).toHaveLength(3)
    expect(await shell('featurize --set proxies <(nb101-sample -n 3)')).toMatchObject({ code: 0 })
  })

  test.each(['SIGINT', 'SIGTERM'] as const)(
    'without a writer: %s ends the tool',
    async (signal) => {
      const codes = [
        ['featurize', fifo],
        ['gen-model', '--from', '-', fifo],
        ['pick', '-n', '1', fifo],
        ['predict', '--predictor', fifo],
      ].map(async ([tool, ...args]) => {
        const { child } = startTool(tool, args)
        const ended = once(child, 'close')
        await listening(tool, child.pid)
        // Until it waits for the FIFO.
        await delay(4000)
        child.kill(signal)
        const killed = setTimeout(() => child.kill('SIGKILL'), 20_000)
        const [code, name] = (await ended) as [number | null, string | null]
        clearTimeout(killed)
        // A shell reports 130 for a process that SIGINT ended.
        return { tool, code: name === 'SIGINT' ? 130 : code }
      })
      for (const { tool, code } of await Promise.all(codes))
        expect({ tool, code }).toEqual({ tool, code: 130 })
    },
  )
})

/** Waits until a tool catches SIGINT. Before its program starts, the process still is a copy of this one. */
async function listening(tool: string, pid = 0): Promise<void> {
  await until(() => {
    if (!readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(`${tool}.cjs`)) return false
    const [, caught] = /^SigCgt:\s*(\w+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
    return (BigInt(`0x${caught}`) & 2n) !== 0n
  })
}

test.each(['/dev/null', join(folder, 'out.ndjson')])(
  'a signal ends a sampler into %s',
  async (out) => {
    const sampler = 'space-sample --space fbnet -n 20000000'
    // 124: the signal was enough; 137: it had to be killed.
    const { code } = await shell(`timeout -s INT -k 20 2 ${sampler} > ${out}`)
    expect(code).toBe(124)
  },
)
