// The processes of the soak: started, killed as `kill -9` does, and started again.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { openSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'

/** A process that is started again whenever it was killed. */
export class Restarted {
  kills = 0

  /**
   * @param start returns the child process
   * @param pauseMs between a kill and the next start
   */
  constructor(start, pauseMs = 500) {
    this.start = start
    this.pauseMs = pauseMs
    this.isWanted = true
    this.running = this.run()
  }

  async run() {
    while (this.isWanted) {
      this.child = this.start()
      await once(this.child, 'exit')
      if (this.child.signalCode === 'SIGKILL') this.kills++
      else if (!this.isWanted || this.child.exitCode === 0) return
      if (this.isWanted) await delay(this.pauseMs)
    }
  }

  kill() {
    this.child.kill('SIGKILL')
  }

  async end(signal = 'SIGTERM') {
    this.isWanted = false
    this.child.kill(signal)
    await this.running
  }
}

/** Not `ignore`, which a tool takes for a closed stdout. */
const NOWHERE = openSync('/dev/null', 'w')

/**
 * Starts Node on a script; what it says goes to stderr of this process if `isLoud`.
 *
 * @param options `stdin` is "pipe" if there is something to write to it
 */
export function node(args, { stdin = 'ignore', stdout = NOWHERE, env = {}, isLoud = false } = {}) {
  const stdio = [stdin, stdout, isLoud ? 'inherit' : 'ignore']
  return spawn(process.execPath, args, { stdio, env: { ...process.env, ...env } })
}

export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  await once(server, 'close')
  return port
}

/** A network between a worker and the Redis at `port`, which can be cut: bytes wait until it is whole again. */
export async function startProxy(port) {
  const pairs = new Set()
  let isCut = false
  const join = ([near, far]) => near.pipe(far).pipe(near)
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1')
    const pair = [near, far]
    pairs.add(pair)
    const end = () => {
      pairs.delete(pair)
      for (const socket of pair) socket.destroy()
    }
    for (const socket of pair) socket.on('error', end).on('close', end)
    if (!isCut) join(pair)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: server.address().port,
    cut() {
      isCut = true
      for (const [near, far] of pairs) for (const socket of [near, far]) socket.unpipe().pause()
    },
    mend() {
      isCut = false
      for (const pair of pairs) join(pair)
    },
    close() {
      server.close()
      for (const [near, far] of pairs) for (const socket of [near, far]) socket.destroy()
    },
  }
}
