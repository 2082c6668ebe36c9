// Runs a shell command line, and measures the memory of its processes.
import './tools-on-path.js'
import { execFileSync, spawn } from 'node:child_process'
import { openSync, readdirSync, readFileSync } from 'node:fs'
import { devNull } from 'node:os'

/** Opened for writing only: `ignore` opens it for reading too, which tools take for a closed stdout. */
const NULL = openSync(devNull, 'w')

/**
 * Runs a command line. Returns its wall time in seconds, and the peak resident memory in MiB of each
 * process by the name of its command (Linux only; empty elsewhere).
 */
export async function runLine(line) {
  const start = performance.now()
  const shell = spawn('bash', ['-c', line], { stdio: ['ignore', NULL, 'inherit'] })
  const peaks = new Map()
  const watch = setInterval(() => watchChildren(shell.pid, peaks), 20)
  const code = await new Promise((resolve) => shell.once('close', resolve))
  clearInterval(watch)
  if (code !== 0) throw new Error(`exit code ${code}: ${line}`)
  return { seconds: (performance.now() - start) / 1000, peaks }
}

/** Runs a command line. Returns its wall time and the CPU time of all its processes, in seconds. */
export function timedLine(line) {
  const script = `TIMEFORMAT='%R %U %S'; { time { ${line}; } > /dev/null; } 2>&1`
  const text = execFileSync('bash', ['-c', script], { encoding: 'utf8' })
  const [seconds, user, system] = text.trim().split('\n').at(-1).split(' ').map(Number)
  return { seconds, cpu_seconds: user + system }
}

/** The median wall time of several runs, in seconds. */
export async function medianSeconds(line, runs) {
  const seconds = []
  for (let run = 0; run < runs; run++) seconds.push((await runLine(line)).seconds)
  return seconds.sort((a, b) => a - b)[Math.floor(runs / 2)]
}

function watchChildren(shell, peaks) {
  for (const pid of numbersIn('/proc')) {
    try {
      const status = readFileSync(`/proc/${pid}/status`, 'utf8')
      if (Number(/PPid:\s+(\d+)/.exec(status)?.[1]) !== shell && pid !== shell) continue
      const name = /([\w-]+)\.cjs\0/.exec(readFileSync(`/proc/${pid}/cmdline`, 'utf8'))?.[1]
      const kib = Number(/VmHWM:\s+(\d+)/.exec(status)?.[1])
      if (name && kib) peaks.set(name, Math.max(peaks.get(name) ?? 0, Math.round(kib / 1024)))
    } catch {
      // The process has ended in the meantime.
    }
  }
}

function numbersIn(folder) {
  try {
    return readdirSync(folder).map(Number).filter(Boolean)
  } catch {
    return []
  }
}
