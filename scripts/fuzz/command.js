// Runs a tool on a damaged file, and says what is wrong with how it ended.
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** No tool needs more for a small file. */
const HEAP_MB = 512
const LIMIT_MS = 30_000
/** Success, a part or all of the input was refused, wrong usage. */
const EXIT_CODES = [0, 1, 2]

/** Control characters other than line feeds, which a terminal would act on. */
// eslint-disable-next-line no-control-regex
const CONTROL = /[\0-\x09\x0b-\x1f\x7f\x80-\x9f]/
const STACK_TRACE = /^\s+at .*(?::\d+:\d+|<anonymous>)/m

/**
 * Runs a tool of LETI, without other programs on its path, for `limitMs` at most. Resolves to its exit code and
 * output.
 */
export function run(tool, args, input, limitMs = LIMIT_MS) {
  const bin = fileURLToPath(new URL(`../../tools/${tool}/bin/${tool}.cjs`, import.meta.url))
  const child = spawn(process.execPath, [`--max-old-space-size=${HEAP_MB}`, bin, ...args], {
    env: { PATH: '/nonexistent', HOME: '/nonexistent' },
    timeout: limitMs,
    killSignal: 'SIGKILL',
  })
  child.stdin.on('error', () => {})
  child.stdin.end(input)
  const output = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr']) {
    child[name].setEncoding('utf8').on('data', (text) => (output[name] += text))
  }
  return new Promise((resolve) => {
    child.on('close', (code, signal) => resolve({ tool, code, signal, ...output }))
  })
}

/** What is wrong with how a tool ended; undefined if nothing is. */
export function faultOf({ tool, code, signal, stdout, stderr }) {
  const fault = () => {
    if (signal) return `ended by ${signal}: more than ${LIMIT_MS / 1000} s or ${HEAP_MB} MiB`
    if (!EXIT_CODES.includes(code)) return `exit code ${code}`
    if (STACK_TRACE.test(stderr)) return 'a stack trace'
    if (CONTROL.test(stderr)) return 'control characters on stderr'
    // A record that another tool failed passes through without a new message.
    const isSilent = stderr.trim() === '' && !recordsOf(stdout).some(({ error }) => error)
    if (code !== 0 && isSilent) return `exit code ${code} without a word`
    const bad = linesOf(stdout).find((line) => parsed(line) === undefined)
    return bad === undefined ? undefined : `a line of stdout is not JSON: ${bad.slice(0, 200)}`
  }
  const found = fault()
  return found && `${tool}: ${found}\n${stderr.slice(0, 2000)}`
}

/** The records of an output. */
export function recordsOf(stdout) {
  return linesOf(stdout).flatMap((line) => parsed(line) ?? [])
}

const linesOf = (stdout) => stdout.split('\n').filter(Boolean)

function parsed(line) {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}
