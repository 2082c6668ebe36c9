import { spawn, type ChildProcess } from 'node:child_process'
import type { Readable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import { LetiError } from '@leti/records'
import { Ending } from './ending.js'
import { killGroup } from './kill-group.js'
import { gibibytes, MEMORY_LIMIT, watchMemory } from './memory.js'

/**
 * Runs a command in the place of the shell, beside a guard in the same process group. The guard reads a
 * pipe into which nothing is written; it closes when LETI ends, even by SIGKILL. Then the guard kills the
 * group, itself included. Until then it also keeps the number of the group from being used again.
 */
const GUARDED = '(cat <&5; kill -9 0) >/dev/null 2>&1 3<&- 4<&- & exec "$@" 5<&-'

/** Longest wait for killed processes to go. */
const END_MS = 3000
/** Characters of stderr that are kept. */
const SAID = 1000

export interface GroupOptions {
  /** What it is, for error messages: `the browser`. */
  readonly name: string
  /** What its file descriptors 3 and 4 are. */
  readonly channels: readonly ['ipc', 'ignore'] | readonly ['pipe', 'pipe']
  readonly env?: NodeJS.ProcessEnv
  /** Most memory of the whole group, in bytes. */
  readonly memoryLimit?: number
}

/**
 * A program with all the processes that it starts. They end together: when the program ends, when the
 * group takes too much memory, and when LETI ends.
 */
export class ProcessGroup {
  readonly ending = new Ending()
  readonly process: ChildProcess
  private readonly gone: Promise<unknown>
  private said = ''

  constructor(command: string, args: readonly string[], options: GroupOptions) {
    const { name, channels, env = process.env, memoryLimit = MEMORY_LIMIT } = options
    this.process = spawn('/bin/sh', ['-c', GUARDED, 'sh', command, ...args], {
      // A group of its own, which Ctrl-C in the terminal does not reach.
      detached: true,
      env,
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', ...channels, 'pipe'],
    })
    this.gone = new Promise((resolve) => this.process.once('close', resolve))
    this.process.stderr?.on('data', (chunk: Buffer) => {
      this.said = (this.said + chunk.toString()).slice(-SAID)
    })
    const unwatch = watchMemory(this.process.pid, memoryLimit, (bytes) => {
      const message = `${name} took ${gibibytes(bytes)} of memory; the limit is ${gibibytes(memoryLimit)}`
      void this.end(new LetiError('model-failed', message))
    })
    const ended = (how: string): void => {
      unwatch()
      this.kill()
      this.ending.end(new LetiError('device-crashed', `${name} died (${how})`))
    }
    this.process.once('error', (error) => ended(error.message))
    this.process.once('exit', (code, signal) =>
      ended(signal ? `signal ${signal}` : `exit code ${code ?? 'unknown'}`),
    )
  }

  /** The last line that it printed on stderr; empty if there is none. */
  get lastWords(): string {
    return this.said.trim().split('\n').at(-1) ?? ''
  }

  /**
   * Kills all of its processes, and waits until they are gone, but not long: a process that hangs in the
   * kernel must not hold up LETI.
   */
  async end(reason = new LetiError('device-lost', 'the device was closed')): Promise<void> {
    this.ending.end(reason)
    this.kill()
    await Promise.race([this.gone, delay(END_MS, undefined, { ref: false })])
    this.release()
  }

  private kill(): void {
    const { pid } = this.process
    if (pid) killGroup(pid)
  }

  /** Whatever is left of it does not keep LETI from ending. */
  private release(): void {
    this.process.unref()
    if (this.process.connected) this.process.disconnect()
    for (const stream of this.process.stdio) (stream as Readable | null)?.destroy()
  }
}
