import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocket, WebSocketServer } from 'ws'
import { joinBrowserSocket } from './browser-socket.js'
import type { Chromium } from './chromium.js'
import { joinPageSocket, type PageFaults } from './page-socket.js'
import { TabNumbers } from './tabs.js'

interface Tab {
  readonly id: string
  readonly type: string
  readonly [member: string]: unknown
}

/**
 * The DevTools endpoint of Chrome on Android: a server on the Unix socket of
 * `localabstract:chrome_devtools_remote` that passes requests on to a Chromium.
 */
export class DevTools {
  private readonly tabs = new TabNumbers()
  private readonly server: Server
  private readonly sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false })

  constructor(
    private readonly chromium: Chromium,
    private readonly version: string,
    private readonly faults: PageFaults,
  ) {
    this.server = createServer((request, response) => {
      this.answer(request, response).catch(() => response.destroy())
    })
    this.server.on('upgrade', (request, socket, head) => this.upgrade(request, socket, head))
  }

  listen(path: string): Promise<void> {
    return new Promise((resolve) => this.server.listen(path, resolve))
  }

  close(): void {
    for (const client of this.sockets.clients) client.terminate()
    this.server.close()
    this.server.closeAllConnections()
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const host = request.headers.host ?? 'localhost'
    const [path, query = ''] = splitAt(request.url ?? '/', '?')
    const [, , verb = 'list', id = ''] = path.split('/')
    if (verb === 'version') json(response, await this.versionOf(host))
    else if (verb === 'list') json(response, await this.list(host))
    else if (verb === 'new') await this.openTab(request, response, query, host)
    else if (verb === 'activate' || verb === 'close') {
      const answer = await this.ask(`/json/${verb}/${this.tabs.pageIdOf(id)}`)
      response.writeHead(answer.status, { 'Content-Type': 'text/html' }).end(await answer.text())
    } else response.writeHead(404).end()
  }

  private async versionOf(host: string): Promise<object> {
    const answer = await this.ask('/json/version')
    const { 'V8-Version': v8, 'WebKit-Version': webkit } = (await answer.json()) as Tab
    const major = this.version.split('.', 1)[0]
    return {
      'Android-Package': 'com.android.chrome',
      Browser: `Chrome/${this.version}`,
      'Protocol-Version': '1.3',
      'User-Agent': `Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${major}.0.0.0 Mobile Safari/537.36`,
      'V8-Version': v8,
      'WebKit-Version': webkit,
      webSocketDebuggerUrl: `ws://${host}/devtools/browser`,
    }
  }

  private async list(host: string): Promise<object[]> {
    const tabs = (await (await this.ask('/json/list')).json()) as Tab[]
    return tabs
      .filter(({ type }) => type === 'page')
      .flatMap((tab) => [
        this.describe(tab, this.tabs.numberOf(tab.id), host),
        this.describe(tab, tab.id, host),
      ])
  }

  /** Since Chrome 111, only PUT opens a tab. */
  private async openTab(
    request: IncomingMessage,
    response: ServerResponse,
    url: string,
    host: string,
  ): Promise<void> {
    if (request.method !== 'PUT') {
      const reason = `Using unsafe HTTP verb ${request.method} to invoke /json/new. This action supports only PUT verb.`
      response.writeHead(405, { 'Content-Type': 'text/html' }).end(reason)
      return
    }
    const tab = (await (await this.ask(`/json/new?${url}`, 'PUT')).json()) as Tab
    json(response, this.describe(tab, this.tabs.numberOf(tab.id), host))
  }

  private describe(tab: Tab, id: string, host: string): object {
    const socket = `${host}/devtools/page/${id}`
    return {
      ...tab,
      id,
      devtoolsFrontendUrl: `https://chrome-devtools-frontend.appspot.com/serve_rev/@0/inspector.html?ws=${socket}`,
      webSocketDebuggerUrl: `ws://${socket}`,
    }
  }

  private ask(path: string, method = 'GET'): Promise<Response> {
    return fetch(`http://127.0.0.1:${this.chromium.port}${path}`, { method })
  }

  private upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const [, , kind, id = ''] = (request.url ?? '').split('/')
    const path =
      kind === 'browser' ? this.chromium.browserPath : `/devtools/page/${this.tabs.pageIdOf(id)}`
    const upstream = new WebSocket(`ws://127.0.0.1:${this.chromium.port}${path}`, {
      perMessageDeflate: false,
      maxPayload: 2 ** 30,
    })
    upstream.on('error', () => socket.destroy())
    upstream.once('open', () => {
      this.sockets.handleUpgrade(request, socket, head, (client) => {
        if (kind === 'browser') joinBrowserSocket(client, upstream, this.tabs)
        else joinPageSocket(client, upstream, this.faults)
        upstream.on('close', () => client.close())
        client.on('error', () => client.terminate())
        client.on('close', () => upstream.terminate())
      })
    })
  }
}

function json(response: ServerResponse, value: object): void {
  const body = JSON.stringify(value, null, 3)
  response.writeHead(200, {
    'Content-Type': 'application/json; charset=UTF-8',
    'Content-Length': Buffer.byteLength(body),
  })
  response.end(body)
}

function splitAt(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator)
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)]
}
