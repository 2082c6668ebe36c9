import { spawn } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { LetiRecord } from '../lib/records/src/index.js'
import { execa, type Options, type Result } from 'execa'
import ndjson from 'ndjson'

export const ROOT = fileURLToPath(new URL('..', import.meta.url))

/** Runs a line of shell as a user would, with LETI's commands on the PATH. Never throws. */
export async function shell(line: string, options: Options = {}): Promise<Outcome> {
  const result: Result = await execa('bash', ['-o', 'pipefail', '-c', line], {
    cwd: ROOT,
    localDir: ROOT,
    preferLocal: true,
    reject: false,
    stdin: 'ignore',
    // A test may read a whole search space from stdout.
    maxBuffer: 1e9,
    env: { PATH: `${join(ROOT, 'node_modules/.bin')}:${process.env.PATH ?? ''}` },
    ...options,
  })
  return {
    code: result.exitCode,
    stdout: String(result.stdout),
    stderr: String(result.stderr),
  }
}

export interface Outcome {
  readonly code: number | undefined
  readonly stdout: string
  readonly stderr: string
}

/** A record with the members that the tests read. */
export interface TestRecord extends LetiRecord {
  arch: {
    space: string
    module_adjacency: number[][]
    module_operations: string[]
    config?: Record<string, unknown>
  }
}

/** The records of NDJSON text. */
export function records(text: string): TestRecord[] {
  const parser = ndjson.parse()
  // All lines are parsed before `end` returns.
  parser.end(`${text}\n`)
  const parsed: TestRecord[] = []
  for (;;) {
    const record = parser.read() as TestRecord | null
    if (!record) return parsed
    parsed.push(record)
  }
}

/** Options for NAS-Bench-101 networks that run in about a millisecond. */
export const SMALL = '--stem-filter-size 8 --num-modules-per-stack 1 --input-shape 16x16x3'

let drawn: Promise<string> | undefined

/** A file of 40 such networks, which a test file draws once: `head` takes as many as a test needs. */
export function smallCells(): Promise<string> {
  drawn ??= drawSmallCells()
  return drawn
}

async function drawSmallCells(): Promise<string> {
  const file = join(mkdtempSync(join(tmpdir(), 'leti-test-')), 'cells.ndjson')
  const { code, stderr } = await shell(`nb101-sample -n 40 ${SMALL} > ${file}`)
  if (code !== 0) throw new Error(stderr)
  return file
}

/** Starts device-run in its own process. */
export function startDeviceRun(args: string[], env: NodeJS.ProcessEnv = {}) {
  return startTool('device-run', args, env)
}

/** Starts a tool in its own process. `output` and `errors` return its text so far. */
export function startTool(name: string, args: string[], env: NodeJS.ProcessEnv = {}) {
  const tool = join(ROOT, `tools/${name}/bin/${name}.cjs`)
  const child = spawn(process.execPath, [tool, ...args], {
    cwd: ROOT,
    env: { ...process.env, ...env },
  })
  let text = ''
  let errors = ''
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()))
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve))
  return { child, ended, output: () => text, errors: () => errors }
}

/** Waits for a condition, 30 s at most. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (let waited = 0; !(await condition()); waited += 20) {
    if (waited > 30_000) throw new Error('the condition was not met within 30 s')
    await delay(20)
  }
}
