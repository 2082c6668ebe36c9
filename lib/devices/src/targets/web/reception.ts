import { EventEmitter, once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { LetiError } from '@leti/records'
import { DeviceGone, type Progress } from '../../target.js'
import type { NextTurn, Over, Turn } from './turns.js'
import { sendTurn, Visitor } from './visitor.js'

/** Which page of the paired browser measures: the one that was loaded last. */
export class Reception {
  private visitor: Visitor | undefined
  private over: Over | undefined
  private since: number | undefined
  private readonly changes = new EventEmitter()

  /** @param restarts whether the person who stopped it may start it again */
  constructor(
    private readonly progress: Progress,
    private readonly restarts = false,
  ) {}

  /** Whether there is no page, and one may come. */
  get lacksPage(): boolean {
    return !this.over && (!this.visitor || this.visitor.ending.reason !== undefined)
  }

  /**
   * The page; waits for it.
   *
   * @param signal ends the wait
   * @param missing says that none came in time
   * @throws {DeviceGone} if none comes in time, or if the person who holds it has stopped the run
   */
  async page(seconds: number, signal: AbortSignal, missing: () => string): Promise<Visitor> {
    const late = AbortSignal.timeout(1000 * seconds)
    const stop = AbortSignal.any([signal, late])
    for (;;) {
      if (this.over) throw new DeviceGone(STOPPED)
      if (this.visitor && !this.visitor.ending.reason) return this.visitor
      await once(this.changes, 'change', { signal: stop }).catch(() => undefined)
      if (signal.aborted) throw new LetiError('device-lost', 'the device was closed')
      if (late.aborted) throw new DeviceGone(missing())
    }
  }

  /** A page asks for its next turn. */
  turn(turn: Turn, response: ServerResponse): void {
    const over = this.over ?? this.refusal(turn)
    if (over) sendTurn(response, { ...this.status(), over })
    else this.admit(turn).turn(turn, response)
  }

  /** A page opens the connection that ends with it. */
  stayAlive(turn: Turn, response: ServerResponse): void {
    if (this.over ?? this.refusal(turn)) response.writeHead(204).end()
    else this.admit(turn).stayAlive(response)
  }

  /** A page was closed, or is not seen any more: a browser slows such pages down. */
  leave({ page }: Turn): void {
    if (this.visitor?.name !== page) return
    const left = new LetiError('device-lost', 'the page was closed or went to the background')
    this.visitor.end(left, { why: 'lost' })
  }

  /** The person who holds the browser ends the run. */
  stop(): void {
    this.end(new DeviceGone(STOPPED), { why: 'stopped', mayStart: this.restarts })
  }

  /** The person who has stopped it starts it again: the next page measures. */
  start(): void {
    if (this.over?.mayStart) this.over = undefined
  }

  end(reason: LetiError, over: Over): void {
    this.over ??= over
    this.visitor?.end(reason, over)
    this.changes.emit('change')
  }

  /** Why a page measures no more; `undefined` for the one that does, and for a new one. */
  private refusal({ page, number }: Turn): Over | undefined {
    if (this.visitor?.name === page) return this.visitor.ending.reason && { why: 'lost' }
    return number > 0 ? { why: 'moved' } : undefined
  }

  private admit({ page }: Turn): Visitor {
    if (this.visitor?.name === page) return this.visitor
    const moved = new LetiError('device-lost', 'its page was loaded again')
    this.visitor?.end(moved, { why: 'moved' })
    this.since ??= performance.now()
    this.visitor = new Visitor(page, () => this.status())
    this.changes.emit('change')
    return this.visitor
  }

  /** What the page shows. */
  private status(): Omit<NextTurn, 'call'> {
    const { measured, expected } = this.progress
    if (expected === undefined || !measured || this.since === undefined)
      return { measured, expected }
    const each = (performance.now() - this.since) / 1000 / measured
    return { measured, expected, secondsLeft: Math.max(0, expected - measured) * each }
  }
}

const STOPPED = 'the person who holds the browser stopped it'
