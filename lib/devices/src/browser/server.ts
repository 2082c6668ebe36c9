import { randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, normalize } from 'node:path'
import { modelParts, type ModelPart } from '@leti/formats'
import { asLetiError, LetiError } from '@leti/records'
import { systemReason } from '@leti/records/files'
import { folderOf, PAGE_FOLDER } from '../locations.js'
import { RUNTIMES } from '../runtimes/registry.js'
import { urlOf } from './url.js'

/** Serves the page and the model being measured to the browser, on the loopback interface only. */
export interface PageServer {
  readonly port: number
  /** The page's path. It contains a random token; nothing is served without it. */
  readonly path: string
  /**
   * Serves the files of a model in place of the last one's.
   *
   * @returns the model's URL, relative to the page
   * @throws {LetiError} `bad-model`, `unsupported`, `model-failed` if a file cannot be read
   */
  offer(modelPath: string): Promise<string>
  close(): void
}

/** The path of LETI's page begins with this. */
export const PAGE_MARK = 'leti-'

/** Plain file names of LETI's own: without a separator, so that no request leaves the folder. */
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

/** @param runtime of the page, by name */
export async function startServer(runtime: string): Promise<PageServer> {
  const token = `${PAGE_MARK}${randomBytes(16).toString('hex')}`
  const served = new ServedFiles(token)
  const server = createServer((request, response) => {
    void answer(request, response, served)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  return {
    port,
    path: `/${token}/index.html`,
    offer: async (path) => served.offer(await partsOf(path, RUNTIMES[runtime].format)),
    close: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}

/** Which file a URL stands for. */
class ServedFiles {
  /** The folders of LETI's own files, by their paths below the token. */
  private readonly folders = new Map([['', PAGE_FOLDER], ...wasmFolders()])
  /** The files of the model, by their paths below the token. */
  private model = new Map<string, string>()
  private models = 0

  constructor(private readonly token: string) {}

  /** @returns the URL of the last part */
  offer(parts: readonly ModelPart[]): string {
    const folder = `model${++this.models}`
    const paths = parts.map(({ name, path }) => [`${folder}/${normalize(name)}`, path] as const)
    this.model = new Map(paths)
    return urlOf(paths[paths.length - 1][0])
  }

  /** The file for `/TOKEN/PATH`; undefined for any other URL. */
  find(url: string): string | undefined {
    const [, given, ...rest] = decoded(url.split('?', 1)[0])
    if (given !== this.token) return undefined
    const model = this.model.get(rest.join('/'))
    if (model !== undefined) return model
    const name = rest.pop() ?? ''
    const folder = this.folders.get(rest.join('/'))
    return folder && FILE_NAME.test(name) ? join(folder, name) : undefined
  }
}

function decoded(path: string): string[] {
  try {
    return path.split('/').map(decodeURIComponent)
  } catch {
    return []
  }
}

async function partsOf(path: string, format: string): Promise<readonly ModelPart[]> {
  try {
    return await modelParts(path, format)
  } catch (error) {
    const unreadable = `cannot read ${path}: ${systemReason(error)}`
    throw asLetiError(error) ?? new LetiError('model-failed', unreadable, { cause: error })
  }
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  served: ServedFiles,
): Promise<void> {
  const path = served.find(request.url ?? '')
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
