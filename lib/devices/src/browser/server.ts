import { randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { basename, dirname, extname, join } from 'node:path'
import { folderOf, PAGE_FOLDER } from '../locations.js'
import { RUNTIMES } from '../runtimes/registry.js'

/** Serves the page and the model being measured to the browser, on the loopback interface only. */
export interface PageServer {
  readonly port: number
  /** The page's path. It contains a random token; nothing is served without it. */
  readonly path: string
  /**
   * Serves the folder of this model file in place of the last one's.
   *
   * @returns the model's URL, relative to the page
   */
  offer(modelPath: string): string
  close(): void
}

/** The path of LETI's page begins with this. */
export const PAGE_MARK = 'leti-'

/** Plain file names: without a separator, so that no request leaves the folder. */
const FILE_NAME = /^[A-Za-z0-9_-][A-Za-z0-9._-]*$/

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
  '.bin': 'application/octet-stream',
}

/** Cross-origin isolation gives the page SharedArrayBuffer (for wasm threads) and a 5 us clock. */
const HEADERS = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cache-Control': 'no-store',
}

export async function startServer(): Promise<PageServer> {
  const token = `${PAGE_MARK}${randomBytes(16).toString('hex')}`
  const folders = new Map([['', PAGE_FOLDER], ...wasmFolders()])
  let models = 0
  const server = createServer((request, response) => {
    void answer(request, response, token, folders)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  return {
    port,
    path: `/${token}/index.html`,
    offer: (modelPath) => {
      folders.delete(`model${models++}`)
      folders.set(`model${models}`, dirname(modelPath))
      return `model${models}/${encodeURIComponent(basename(modelPath))}`
    },
    close: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  token: string,
  folders: ReadonlyMap<string, string>,
): Promise<void> {
  const path = fileFor(request.url ?? '', token, folders)
  const size = path && (await sizeOf(path))
  if (request.method !== 'GET' || !path || size === undefined) {
    response.writeHead(404).end()
    return
  }
  const type = TYPES[extname(path)] ?? 'application/octet-stream'
  response.writeHead(200, { ...HEADERS, 'Content-Type': type, 'Content-Length': size })
  const file = createReadStream(path)
  file.on('error', () => response.destroy())
  file.pipe(response)
}

/** The file for `/TOKEN/FILE` or `/TOKEN/FOLDER/FILE`; `undefined` for any other URL. */
function fileFor(
  url: string,
  token: string,
  folders: ReadonlyMap<string, string>,
): string | undefined {
  const [, given, ...rest] = url.split('?', 1)[0].split('/')
  const name = rest.pop() ?? ''
  const folder = folders.get(rest.join('/'))
  return given === token && folder && FILE_NAME.test(name) ? join(folder, name) : undefined
}

async function sizeOf(path: string): Promise<number | undefined> {
  try {
    const entry = await stat(path)
    return entry.isFile() ? entry.size : undefined
  } catch {
    return undefined
  }
}

/** The folder of each runtime's wasm files. The page fetches them from `RUNTIME/`. */
function wasmFolders(): [string, string][] {
  return Object.entries(RUNTIMES).flatMap(([name, { page }]) =>
    page ? [[name, folderOf(page.wasmModule)]] : [],
  )
}
