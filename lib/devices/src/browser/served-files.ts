import type { OutgoingHttpHeaders, ServerResponse } from 'node:http'
import { extname, join, normalize } from 'node:path'
import { modelParts, type ModelPart } from '@leti/formats'
import { asLetiError, LetiError } from '@leti/records'
import { systemReason } from '@leti/records/files'
import { sendBlocks } from './file-blocks.js'
import { folderOf, PAGE_FOLDER } from '../locations.js'
import { RUNTIMES } from '../runtimes/registry.js'
import { urlOf } from './url.js'

/** Plain file names of LETI's own: without a separator, so that no request leaves the folder. */
const FILE_NAME = /^[A-Za-z0-9_-][A-Za-z0-9._-]*$/

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css; charset=utf-8',
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

/** The files that a page server serves below its token: LETI's own, and those of one model at a time. */
export class ServedFiles {
  /** The folders of LETI's own files, by their paths below the token. */
  private readonly folders = new Map([['', PAGE_FOLDER], ...wasmFolders()])
  /** The files of the model, by their paths below the token. */
  private model = new Map<string, string>()
  private models = 0

  /**
   * Serves the files of a model in place of the last one's.
   *
   * @param format of the model
   * @returns the model's URL, relative to the page
   * @throws {LetiError} `bad-model`, `unsupported`, `model-failed` if a file cannot be read
   */
  async offer(modelPath: string, format: string): Promise<string> {
    const parts = await partsOf(modelPath, format)
    const folder = `model${++this.models}`
    const paths = parts.map(({ name, path }) => [`${folder}/${normalize(name)}`, path] as const)
    this.model = new Map(paths)
    return urlOf(paths[paths.length - 1][0])
  }

  /**
   * The file for `/TOKEN/PATH`; `undefined` for any other URL.
   *
   * @param withModel whether the model is served too
   */
  find(url: string, token: string, withModel = true): string | undefined {
    const [, given, ...rest] = decoded(url.split('?', 1)[0])
    if (given !== token) return undefined
    const model = withModel ? this.model.get(rest.join('/')) : undefined
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

/**
 * Answers with a file.
 *
 * @param path of the file; `undefined` is answered as a file that does not exist
 * @param headers beside those of every file
 * @returns whether there is such a file; if not, nothing was answered
 */
export async function sendFile(
  response: ServerResponse,
  path: string | undefined,
  headers: OutgoingHttpHeaders = {},
): Promise<boolean> {
  if (path === undefined) return false
  const type = TYPES[extname(path)] ?? 'application/octet-stream'
  return sendBlocks(response, path, { ...HEADERS, ...headers, 'Content-Type': type })
}

async function partsOf(path: string, format: string): Promise<readonly ModelPart[]> {
  try {
    return await modelParts(path, format)
  } catch (error) {
    const unreadable = `cannot read ${path}: ${systemReason(error)}`
    throw asLetiError(error) ?? new LetiError('model-failed', unreadable, { cause: error })
  }
}

/** The folder of each runtime's wasm files. The page fetches them from `RUNTIME/`. */
function wasmFolders(): [string, string][] {
  return Object.entries(RUNTIMES).flatMap(([name, { page }]) =>
    page ? [[name, folderOf(page.wasmModule)]] : [],
  )
}
