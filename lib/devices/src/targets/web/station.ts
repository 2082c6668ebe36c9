import { createServer, type Server } from 'node:https'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { isObject, LetiError, messageOf } from '@leti/records'
import { sendFile, ServedFiles } from '../../browser/served-files.js'
import { RUNTIMES } from '../../runtimes/registry.js'
import type { Progress } from '../../target.js'
import { inUrl, isLoopback, namesOf } from './address.js'
import { certificateOf, type Certificate } from './certificate.js'
import { bodyOf, Door, type Admitted } from './door.js'
import { invitationText } from './invitation.js'
import { Pairing } from './pairing.js'
import { Reception } from './reception.js'
import { listenOf, waitOf, type WebDevice } from './settings.js'
import type { Turn } from './turns.js'
import type { Visitor } from './visitor.js'

const PAGE = 'device.html'

/** Nothing is loaded from elsewhere, and no other page may frame this one. Runtimes compile code. */
const PAGE_HEADERS = {
  'Content-Security-Policy':
    "default-src 'self'; script-src 'self' blob: 'unsafe-eval'; worker-src 'self' blob:; img-src data:; " +
    "frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
}

const NOTHING = 'Nothing is here. A link of LETI works once, in one browser.\n'

/** Browsers keep their connections, so that no measurement waits for a new one. */
const KEEP_CONNECTIONS_MS = 120_000
const MOST_CONNECTIONS = 200
/** The page is told that the run has ended. */
const FAREWELL_MS = 500

export interface StationContext {
  readonly progress: Progress
  /** Whether the person who has stopped the device may start it again. */
  readonly restarts?: boolean | undefined
  /** Shows lines to the person at the terminal. */
  say(text: string): void
}

/** The server of a web device. It lives as long as the run, so that a lost page can come back to it. */
export class Station {
  private readonly served = new ServedFiles()
  private readonly pairing = new Pairing()
  private readonly reception: Reception
  private readonly door: Door
  private readonly cookie: string
  private readonly origin: string

  /** @param names under which browsers may reach it, the one to print first */
  private constructor(
    private readonly device: WebDevice,
    private readonly server: Server,
    private readonly certificate: Certificate,
    private readonly context: StationContext,
    names: readonly string[],
  ) {
    const { port } = server.address() as AddressInfo
    // A browser sends its cookies to all ports of a computer.
    this.cookie = `__Host-leti-${port}`
    this.door = new Door(names, port, this.cookie, this.pairing)
    this.origin = `https://${names[0]}:${port}`
    this.reception = new Reception(context.progress, context.restarts)
  }

  /** @throws {LetiError} `usage` if it cannot listen, or if there is no such certificate */
  static async start(device: WebDevice, context: StationContext): Promise<Station> {
    const { host, port } = listenOf(device)
    const names = namesOf(host)
    const certificate = await certificateOf(device, names)
    const { cert, key } = certificate
    const server = createServer({ cert, key, keepAliveTimeout: KEEP_CONNECTIONS_MS })
    server.maxConnections = MOST_CONNECTIONS
    await listenOn(server, host, port)
    const station = new Station(device, server, certificate, context, names.map(inUrl))
    server.on('request', (request, response) => void station.answer(request, response))
    station.invite()
    return station
  }

  /**
   * The page of the paired browser; waits for it.
   *
   * @param signal ends the wait
   * @throws {DeviceGone} see `Reception.page`
   */
  async page(signal: AbortSignal): Promise<Visitor> {
    const wait = waitOf(this.device)
    if (this.pairing.isDone && this.reception.lacksPage) {
      this.say(`waits up to ${wait} s for its browser; load its page again there`)
    }
    const missing = (): string =>
      this.pairing.isDone ? 'its browser did not come back' : 'no browser was paired'
    return this.reception.page(wait, signal, () => `${missing()} in ${wait} s ("wait")`)
  }

  /** Serves a model to the page, in place of the last one. Returns its URL. */
  offer(modelPath: string): Promise<string> {
    return this.served.offer(modelPath, RUNTIMES[this.device.runtime].format)
  }

  /** Ends the server; the page says so. */
  end(): void {
    if (!this.server.listening) return
    this.reception.end(new LetiError('device-lost', 'the device was closed'), { why: 'done' })
    this.server.close()
    setTimeout(() => this.server.closeAllConnections(), FAREWELL_MS)
  }

  private invite(): void {
    const { token, code } = this.pairing
    const { isOwn, fingerprint } = this.certificate
    const text = invitationText({
      device: this.device.name,
      url: `${this.origin}/${token}/`,
      code,
      fingerprint: isOwn ? fingerprint : undefined,
      loopback: isLoopback(listenOf(this.device).host),
    })
    this.context.say(text)
  }

  private say(text: string): void {
    this.context.say(`${this.device.name}: ${text}`)
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const admitted = this.door.admit(request)
    if (admitted && (await this.serve(request, response, admitted))) return
    if (response.headersSent) return
    response.writeHead(404, { 'Content-Type': 'text/plain', Connection: 'close' }).end(NOTHING)
  }

  /** @returns whether it was answered */
  private async serve(
    request: IncomingMessage,
    response: ServerResponse,
    admitted: Admitted,
  ): Promise<boolean> {
    const { path, isPaired } = admitted
    if (request.method === 'GET') {
      const { token } = this.pairing
      const file = this.served.find(`/${token}/${path || PAGE}`, token, isPaired)
      return sendFile(response, file, PAGE_HEADERS)
    }
    const body = await bodyOf(request, admitted)
    if (!isPaired) return path === 'pair' && this.pair(body, response)
    return isTurn(body) && this.post(path, body, response)
  }

  /** What a page of the paired browser posts. */
  private post(path: string, turn: Turn, response: ServerResponse): boolean {
    if (path === 'turn') this.reception.turn(turn, response)
    else if (path === 'alive') this.reception.stayAlive(turn, response)
    else if (path === 'leave' || path === 'stop' || path === 'start') {
      response.writeHead(204).end()
      this.reception[path](turn)
    } else return false
    return true
  }

  private pair(body: unknown, response: ServerResponse): boolean {
    const code = isObject(body) ? body.code : undefined
    if (typeof code !== 'string') return false
    const { token } = this.pairing
    const secret = this.pairing.pair(code)
    if (secret !== undefined) {
      const attributes = 'Path=/; Max-Age=604800; Secure; HttpOnly; SameSite=Strict'
      response.writeHead(204, { 'Set-Cookie': `${this.cookie}=${secret}; ${attributes}` }).end()
      this.say('a browser was paired')
      return true
    }
    if (this.pairing.token !== token) {
      this.say('too many wrong codes: the link is void, and there is a new one')
      this.invite()
      return false
    }
    response.writeHead(403, { 'X-Tries-Left': String(this.pairing.tries) }).end()
    return true
  }
}

function isTurn(body: unknown): body is Turn {
  if (!isObject(body)) return false
  const { page, number, answer } = body
  const isAnswer =
    answer === undefined ||
    (isObject(answer) && ('result' in answer || typeof answer.error === 'string'))
  return typeof page === 'string' && page.length <= 64 && Number.isInteger(number) && isAnswer
}

async function listenOn(server: Server, host: string, port: number): Promise<void> {
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(port, host, resolve)
    })
  } catch (error) {
    throw new LetiError('usage', `cannot listen on ${host}: ${messageOf(error)}`, { cause: error })
  }
}
