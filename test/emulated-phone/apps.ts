import type { ChildProcess } from 'node:child_process'
import { setTimeout as delay } from 'node:timers/promises'
import { buildBenchmark } from './benchmark/build.js'
import type { ChromeApp } from './chrome/app.js'
import type { ActivityManager, Intent } from './commands/am.js'
import type { Shell } from './shell.js'
import type { PhoneState } from './state.js'

const CHROME = 'com.android.chrome'
const CHROME_ACTIVITIES = ['com.google.android.apps.chrome.Main', '.Main']
const BENCHMARK = 'org.tensorflow.lite.benchmark'
const BENCHMARK_ACTIVITY = `${BENCHMARK}/.BenchmarkModelActivity`

/** The phone's apps: Chrome, and the official benchmark app of TensorFlow Lite. */
export class Apps implements ActivityManager {
  private benchmark?: ChildProcess

  constructor(
    private readonly state: PhoneState,
    private readonly shell: Shell,
    private readonly chrome: ChromeApp,
    private readonly startMs: () => number,
  ) {}

  async start(intent: Intent): Promise<boolean> {
    const [packageName, activity] = intent.component.split('/')
    if (!this.state.packages.has(packageName)) return false
    if (packageName === CHROME && CHROME_ACTIVITIES.includes(activity)) {
      await this.chrome.start(intent.uri)
    } else if (intent.component.replace(`/${BENCHMARK}`, '/') === BENCHMARK_ACTIVITY) {
      await this.startBenchmark(intent.extras.get('args') ?? '')
    } else return false
    this.state.foreground = intent.component
    return true
  }

  forceStop(packageName: string): void {
    if (packageName === CHROME) void this.chrome.kill()
    if (packageName === BENCHMARK) this.benchmark?.kill('SIGKILL')
  }

  /** As BenchmarkModelActivity.java: splits the flags at spaces and writes the results to the log. */
  private async startBenchmark(flags: string): Promise<void> {
    const program = await buildBenchmark('interpreter')
    this.sayActivityManager(`START u0 {cmp=${BENCHMARK_ACTIVITY} (has extras)} from uid 2000`)
    await delay(this.startMs())
    const args = flags.split(/\s+/).filter(Boolean)
    this.benchmark = this.shell.start(`'${program}' ${args.map(quote).join(' ')}`, {
      EMULATED_APP: BENCHMARK,
    })
    this.benchmark.stdin?.end()
    this.benchmark.stdout?.resume()
    this.benchmark.stderr?.resume()
    const pid = this.benchmark.pid ?? 0
    const whatFor = `for next-top-activity {${BENCHMARK_ACTIVITY}}`
    this.sayActivityManager(`Start proc ${pid}:${BENCHMARK}/u0a245 ${whatFor}`)
    this.benchmark.once('close', (_code, signal) => this.sayEnd(pid, signal))
  }

  private sayEnd(pid: number, signal: NodeJS.Signals | null): void {
    if (signal === 'SIGSEGV') {
      const text = `Fatal signal 11 (SIGSEGV), code 1 (SEGV_MAPERR), fault addr 0x0 in tid ${pid} (lite.benchmark), pid ${pid} (lite.benchmark)`
      this.state.log.add({ pid, priority: 'F', tag: 'libc', text })
    }
    if (signal) this.sayActivityManager(`Process ${BENCHMARK} (pid ${pid}) has died: fg  TOP`)
  }

  private sayActivityManager(text: string): void {
    this.state.log.add({ pid: 1587, priority: 'I', tag: 'ActivityManager', text })
  }
}

function quote(argument: string): string {
  return `'${argument.replaceAll("'", `'\\''`)}'`
}
