// Holds what `farm status` says at every moment of the soak against what is known from outside.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'

/** A process that is busy or was just killed may be told of a little late, ms. */
const SLACK_MS = 5000
/** A worker that nothing has disturbed for so long must be listed, ms. */
const SETTLED_MS = 25_000

export class StatusWatch {
  looks = 0
  /** What was wrong, with the look. */
  violations = []
  /** Records written so far, which may be submitted. */
  written = 0
  /** Records whose submission has ended. */
  submitted = 0
  isWanted = true
  /** The most records that were in the counts of each device. */
  floor = new Map()
  /** The last look that was had. */
  last = []

  /**
   * @param args of Node: `farm status --json --watch`
   * @param options devices, presenceMs; `lab` is asked at every look for pids, steadySince and isCut
   */
  constructor(args, env, options) {
    this.args = args
    this.env = env
    this.options = options
    this.running = this.run()
  }

  async run() {
    while (this.isWanted) {
      const stdio = ['ignore', 'pipe', 'ignore']
      this.child = spawn(process.execPath, this.args, {
        stdio,
        env: { ...process.env, ...this.env },
      })
      let submitted = 0
      for await (const line of createInterface({ input: this.child.stdout })) {
        if (!this.isWanted) break
        this.look(JSON.parse(line), submitted)
        // The next look is had after this.
        submitted = this.submitted
      }
      if (this.isWanted) await delay(500)
    }
  }

  /** Waits for a look that began after this call. */
  async fresh() {
    const { looks } = this
    while (this.looks < looks + 2) await delay(100)
    return this.last
  }

  async end() {
    this.isWanted = false
    if (this.child.exitCode === null) {
      this.child.kill('SIGKILL')
      await once(this.child, 'exit')
    }
    await this.running
  }

  look({ devices, uncollected }, submitted) {
    this.looks++
    this.last = devices
    const names = devices.map(({ device }) => device)
    const { devices: wanted } = this.options
    if (submitted && names.join() !== wanted.join()) this.wrong(`lists ${names}, not ${wanted}`)
    if (!isCount(uncollected)) this.wrong(`has ${uncollected} results to collect`)
    for (const device of devices) {
      this.lookAtCounts(device, submitted)
      this.lookAtHosts(device)
    }
  }

  /** Each record is in one count: none is in two, and none that was submitted is in none. */
  lookAtCounts({ device, waiting, active, done, set_aside }, submitted) {
    const counts = [waiting, active, done, set_aside]
    const sum = counts.reduce((a, b) => a + b)
    const { written, floor } = this
    const shown = `${device}: ${waiting} waiting, ${active} active, ${done} done, ${set_aside} aside`
    if (!counts.every(isCount)) this.wrong(`${shown}: negative`)
    if (active > 1) this.wrong(`${shown}: several at once`)
    if (sum > written) this.wrong(`${shown}: more than the ${written} written`)
    if (sum < submitted) this.wrong(`${shown}: less than the ${submitted} submitted`)
    if (sum < (floor.get(device) ?? 0)) this.wrong(`${shown}: fewer than before`)
    floor.set(device, sum)
  }

  /** Hosts that are listed are there; hosts that are there are listed. */
  lookAtHosts({ device, hosts }) {
    const now = performance.now()
    const listed = new Set(hosts.map(({ pid }) => pid))
    const { pids, steadySince, isCut } = this.options.lab()
    const gone = now - 3 * this.options.presenceMs - SLACK_MS
    for (const pid of listed) {
      const died = pids.get(pid)
      if (died === undefined) this.wrong(`${device}: lists ${pid}, which is no worker`)
      else if (died < gone) this.wrong(`${device}: lists ${pid}, which died ${now - died} ms ago`)
    }
    if (isCut) return
    for (const [pid, since] of steadySince) {
      if (now - since > SETTLED_MS && !listed.has(pid)) this.wrong(`${device}: lacks ${pid}`)
    }
  }

  wrong(what) {
    this.violations.push(`look ${this.looks}: ${what}`)
  }
}

function isCount(value) {
  return Number.isInteger(value) && value >= 0
}
