// Watches the resident memory of one process of a pipe, beside the number of lines that leave the pipe.
import { spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'

const NEWLINE = 0x0a
const EVERY_MS = 100

/**
 * Runs a command line to its end. Returns the number of lines and the resident memory of a tool in MiB:
 * the median of the samples after the first hundredth of the lines, up to a tenth, and in the last tenth; and the peak.
 */
export async function watchMemory(line, tool, lines) {
  const shell = spawn('bash', ['-c', line], { stdio: ['ignore', 'pipe', 'inherit'] })
  const samples = []
  let count = 0
  let pid
  const sample = () => {
    pid ??= processOf(shell.pid, tool)
    const mib = pid && residentMib(pid)
    if (mib) samples.push({ count, mib })
  }
  const timer = setInterval(sample, EVERY_MS)
  for await (const chunk of shell.stdout) {
    for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, at + 1)) count++
  }
  clearInterval(timer)
  const among = (from, to) =>
    median(samples.filter(({ count }) => count >= from * lines && count <= to * lines))
  const peak = Math.max(...samples.map(({ mib }) => mib))
  return { count, first: among(0.01, 0.1), last: among(0.9, 1), peak }
}

function median(samples) {
  const sorted = samples.map(({ mib }) => mib).sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)]
}

/** The process of a tool among the descendants of a shell. */
function processOf(shell, tool) {
  return descendantsOf(shell).find((pid) => readOr(`/proc/${pid}/cmdline`).includes(`/${tool}.cjs`))
}

function descendantsOf(pid) {
  const children = readdirSync('/proc')
    .map(Number)
    .filter((other) => other && parentOf(other) === pid)
  return [...children, ...children.flatMap(descendantsOf)]
}

function parentOf(pid) {
  return Number(/^PPid:\s+(\d+)/m.exec(readOr(`/proc/${pid}/status`))?.[1])
}

function residentMib(pid) {
  return Math.round(Number(/^VmRSS:\s+(\d+)/m.exec(readOr(`/proc/${pid}/status`))?.[1]) / 1024)
}

/** The text of a file; empty if the process has ended in the meantime. */
function readOr(file) {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
