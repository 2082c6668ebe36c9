// The farm of the soak: a Redis, two hosts with the same three devices, a submitter and a collector, all of which start again when
// they are killed. One host, the submitter and the collector have a network each between them and the Redis, which can be cut.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, openSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { freePort, node, Restarted, startProxy } from './processes.js'
import { StatusWatch } from './status-watch.js'

const FARM = fileURLToPath(new URL('../../tools/farm/bin/farm.cjs', import.meta.url))
const WORKER = fileURLToPath(new URL('worker.js', import.meta.url))
const isLoud = process.env.LOUD !== undefined

const queueAt = (port) => `redis://127.0.0.1:${port}`
const envOf = (port) => ({ LETI_QUEUE: queueAt(port) })

export async function openLab(options) {
  const folder = mkdtempSync(join(tmpdir(), 'leti-soak-'))
  const port = await freePort()
  // By `everysec`, Redis answers before it writes while its disk is busy: then kill -9 loses what it has acknowledged.
  const keep = ['--appendonly', 'yes', '--appendfsync', 'always', '--save', '']
  const args = ['--port', port, '--bind', '127.0.0.1', '--dir', folder, ...keep]
  const redis = new Restarted(() => spawn('redis-server', args, { stdio: 'ignore' }))
  await delay(500)
  const [worker, submit, collect] = await Promise.all([port, port, port].map(startProxy))
  return new Lab(options, { folder, port, redis, networks: { worker, submit, collect } })
}

class Lab {
  /** Ids of all records. */
  ids = []
  submitKills = 0
  /** Whether a network is cut, so that a worker that lives may not be listed. */
  isCut = false
  /** When each worker process died; Infinity while it lives. */
  pids = new Map()
  /** Since when nothing has disturbed a worker that lives. */
  steadySince = new Map()

  /** @param options devices; timing and ms of the workers; isPoison tells which numbers kill their worker */
  constructor(options, { folder, port, redis, networks }) {
    Object.assign(this, { options, folder, port, redis, networks })
    this.output = join(folder, 'out.ndjson')
    writeFileSync(this.output, '')
    this.workers = [port, networks.worker.port].map((at) => new Restarted(() => this.work(at)))
    const env = envOf(networks.collect.port)
    this.collect = new Restarted(() => this.collecting(env, '--follow'))
    this.status = new StatusWatch([FARM, 'status', '--json', '--watch'], envOf(port), {
      devices: options.devices,
      presenceMs: options.timing.presenceMs,
      lab: () => this,
    })
  }

  work(port) {
    const { folder } = this
    const { devices, timing, ms } = this.options
    const text = JSON.stringify({ url: queueAt(port), devices, folder, timing, ms })
    const child = node([WORKER, text], { isLoud })
    const { pid } = child
    this.pids.set(pid, Infinity)
    this.steadySince.set(pid, performance.now())
    child.on('exit', () => {
      this.pids.set(pid, performance.now())
      this.steadySince.delete(pid)
    })
    return child
  }

  collecting(env, ...more) {
    const args = [FARM, 'collect', ...more, '--resume', this.output]
    return node(args, { stdout: openSync(this.output, 'a'), env, isLoud })
  }

  /**
   * Submits more records. The submitter is started again, with all records, until it has submitted them.
   *
   * @param isHeld whether the first submitter waits for more, until it is killed
   */
  async feed(count, isHeld = false) {
    const { ids, status, options } = this
    for (const until = ids.length + count; ids.length < until;) {
      ids.push(`${options.isPoison(ids.length) ? 'poison' : 'network'}-${ids.length}`)
    }
    status.written = ids.length
    const text = ids.map((id) => `{"id":"${id}","arch":{"space":"synthetic"}}\n`).join('')
    const env = envOf(this.networks.submit.port)
    const args = [FARM, 'submit', '-d', options.devices.join(','), '--resume', this.output]
    let starts = 0
    this.submit = new Restarted(() => {
      const child = node(args, { stdin: 'pipe', env, isLoud })
      // It may be killed before it has read all.
      child.stdin.on('error', () => {})
      child.stdin.write(text)
      if (!isHeld || starts++) child.stdin.end()
      return child
    })
    await this.submit.running
    this.submitKills += this.submit.kills
    status.submitted = ids.length
  }

  /** All workers have to find their server again. */
  unsettle() {
    for (const pid of this.steadySince.keys()) this.steadySince.set(pid, performance.now())
  }

  /** Collects all that is left. A Redis that was just killed is not there yet: the collector says so by exit code 2. */
  async finish() {
    await this.collect.end('SIGKILL')
    for (;;) {
      const last = this.collecting(envOf(this.port))
      await once(last, 'exit')
      // 1, since records have errors.
      if (last.exitCode !== 2) return
      await delay(500)
    }
  }

  async end() {
    await this.status.end()
    await Promise.all(this.workers.map((one) => one.end()))
    await this.redis.end()
    for (const network of Object.values(this.networks)) network.close()
  }
}
