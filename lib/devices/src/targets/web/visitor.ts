import type { ServerResponse } from 'node:http'
import { LetiError, visible } from '@leti/records'
import { Ending } from '../../processes/ending.js'
import type { Answer, Call, NextTurn, Over, Turn } from './turns.js'

/** A request for a turn is answered after this time even without a call: proxies and browsers end longer ones. */
const TURN_MS = 20_000
/** A page whose connection broke may come back within this time, as if nothing had been. */
const GRACE_MS = 10_000
/** A connection without a word is checked by the kernel after this time: a phone may lose its network. */
const KEEP_ALIVE_MS = 5000
const MOST_CHARACTERS = 500

interface PendingCall {
  readonly call: NextTurn['call']
  readonly since: number
  readonly resolve: (answered: Answered) => void
  readonly reject: (error: Error) => void
}

/** What a page answered. */
export interface Answered {
  readonly result: unknown
  /** Time from the call to its answer, in ms. */
  readonly elapsedMs: number
}

/** A page that a paired browser has loaded. It ends with the page: one that is loaded again is another visitor. */
export class Visitor {
  readonly ending = new Ending()
  private last = 0
  private pending: PendingCall | undefined
  private waiting: { response: ServerResponse; timer: NodeJS.Timeout } | undefined
  private alive: ServerResponse | undefined
  private grace: NodeJS.Timeout

  /**
   * @param name that the page gives itself
   * @param status what the page is to show
   */
  constructor(
    readonly name: string,
    private readonly status: () => Omit<NextTurn, 'call' | 'over'>,
  ) {
    this.grace = this.startGrace()
  }

  /**
   * Calls the page; one call at a time.
   *
   * @throws {LetiError} `device-lost` if the page ends
   */
  call({ method, args }: Call): Promise<Answered> {
    return this.ending.before(
      () =>
        new Promise((resolve, reject) => {
          const call = { number: ++this.last, method, args }
          this.pending = { call, since: performance.now(), resolve, reject }
          if (this.waiting) this.answerTurn(call)
        }),
    )
  }

  /** The page asks for a turn. What it sends twice, since it got no answer, counts once. */
  turn({ number, answer }: Turn, response: ServerResponse): void {
    this.answerTurn()
    const { pending } = this
    if (answer && pending?.call?.number === number) {
      this.pending = undefined
      settle(pending, answer)
    }
    const timer = setTimeout(() => this.answerTurn(), TURN_MS)
    this.waiting = { response, timer }
    // A page that lost its connection has not got the call yet.
    if (this.pending?.call && this.pending.call.number > number) this.answerTurn(this.pending.call)
  }

  /** A connection that stays open as long as the page, so that its end is noticed while the page computes. */
  stayAlive(response: ServerResponse): void {
    clearTimeout(this.grace)
    response.writeHead(200, { 'Cache-Control': 'no-store' }).flushHeaders()
    response.socket?.setKeepAlive(true, KEEP_ALIVE_MS)
    this.alive?.end()
    this.alive = response
    response.on('close', () => {
      if (this.alive === response && !this.ending.reason) this.grace = this.startGrace()
    })
  }

  /** Ends it; the page is told, if it still listens. */
  end(reason: LetiError, over: Over): void {
    if (this.ending.reason) return
    clearTimeout(this.grace)
    this.ending.end(reason)
    this.answerTurn(undefined, over)
    this.alive?.end()
  }

  private answerTurn(call?: NextTurn['call'], over?: Over): void {
    if (!this.waiting) return
    const { response, timer } = this.waiting
    this.waiting = undefined
    clearTimeout(timer)
    sendTurn(response, { ...this.status(), ...(call && { call }), ...(over && { over }) })
  }

  private startGrace(): NodeJS.Timeout {
    clearTimeout(this.grace)
    const lost = new LetiError('device-lost', 'the connection to the browser broke')
    return setTimeout(() => this.end(lost, { why: 'lost' }), GRACE_MS)
  }
}

export function sendTurn(response: ServerResponse, turn: NextTurn): void {
  const text = JSON.stringify(turn)
  const headers = { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' }
  // The server ends with the run, and waits for no connection that the browser keeps.
  response.writeHead(200, turn.over ? { ...headers, Connection: 'close' } : headers).end(text)
}

function settle({ since, resolve, reject }: PendingCall, answer: Answer): void {
  const elapsedMs = performance.now() - since
  if ('result' in answer) resolve({ result: answer.result, elapsedMs })
  else reject(new Error(visible(answer.error.slice(0, MOST_CHARACTERS))))
}
