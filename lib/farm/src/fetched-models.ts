import { randomUUID } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream } from 'node:stream/web'
import { checkModel } from '@leti/formats'
import { asLetiError, isObject, LetiError, messageOf, type LetiRecord } from '@leti/records'
import { makeRoom, touch } from './model-cache.js'
import type { ServedFile } from './model-server.js'
import { exists, ModelFolder, type FileModel, type Models } from './models.js'

/** The longest time for one file, ms. */
const FILE_MS = 600_000
/** The longest wait for a server that was away to answer, ms. */
const ANSWER_MS = 5000
/** The most files and bytes of one model. */
const MOST_FILES = 10_000
const MOST_BYTES = 2 * 2 ** 30

/** The server of models does not answer, or refuses the token: that is no fault of a network or a device. */
export class ModelsAway extends Error {}

/** Model files from the server of `farm models`, kept in a folder of this host. */
export class FetchedModels implements Models {
  private readonly cache: ModelFolder
  private readonly url: string
  private readonly headers: Readonly<Record<string, string>>
  private readonly fetching = new Map<string, Promise<void>>()
  private away: string | undefined
  private isTold = false

  /**
   * @param address such as `http://:token@host:8378`
   * @param folder of the cache
   */
  constructor(
    address: string,
    private readonly folder: string,
  ) {
    const { password, username, origin } = new URL(address)
    this.url = origin
    this.headers = { Authorization: `Bearer ${decodeURIComponent(password || username)}` }
    this.cache = new ModelFolder(folder)
  }

  /** @throws {LetiError} `unsupported`, `bad-model` @throws {ModelsAway} */
  async localize(record: LetiRecord, signal?: AbortSignal): Promise<LetiRecord> {
    const local = this.cache.localize(record)
    if (local === record || local.model?.path === undefined) return record
    const { path, sha256 = '' } = local.model
    const model = { ...local.model, path }
    const home = dirname(path)
    if (await exists(home)) {
      await touch(home)
      return local
    }
    const begun = this.fetching.get(sha256) ?? this.fetch(model, home, signal)
    this.fetching.set(sha256, begun)
    await begun.finally(() => this.fetching.delete(sha256))
    return local
  }

  restore(measured: LetiRecord, given: LetiRecord): LetiRecord {
    return this.cache.restore(measured, given)
  }

  /** Why no model can be fetched now; `undefined` if the server answers, as far as is known. */
  async problem(): Promise<string | undefined> {
    if (this.away === undefined) return undefined
    // What just failed is not tried again at once.
    if (!this.isTold) {
      this.isTold = true
      return this.away
    }
    try {
      await this.get('', AbortSignal.timeout(ANSWER_MS))
      this.away = undefined
    } catch {
      this.isTold = true
    }
    return this.away
  }

  private async fetch(model: FileModel, home: string, signal?: AbortSignal): Promise<void> {
    const { sha256 = '' } = model
    const late = AbortSignal.timeout(FILE_MS)
    const stop = signal ? AbortSignal.any([signal, late]) : late
    const listed = await this.get(`${sha256}/`, stop)
    const files = filesIn(await listed.json().catch(() => undefined))
    await makeRoom(
      this.folder,
      files.reduce((sum, { bytes }) => sum + bytes, 0),
    )
    // Half a model is never seen.
    const aside = `${home}.${randomUUID()}`
    try {
      for (const file of files) await this.download(sha256, file, aside, stop)
      const path = join(aside, basename(model.path))
      if (!(await exists(path)))
        throw new LetiError(
          'bad-model',
          `the server of models has no ${basename(path)} in ${sha256}`,
        )
      await checkModel(path, model)
      await rename(aside, home)
    } catch (error) {
      await rm(aside, { recursive: true, force: true })
      // Another process may have been faster.
      if (!(await exists(home))) throw error
    }
  }

  private async download(
    sha256: string,
    { name, bytes }: ServedFile,
    folder: string,
    signal: AbortSignal,
  ): Promise<void> {
    const path = join(folder, ...name.split('/'))
    await mkdir(dirname(path), { recursive: true })
    const parts = name.split('/').map(encodeURIComponent).join('/')
    const { body } = await this.get(`${sha256}/${parts}`, signal)
    const source = body ? Readable.fromWeb(body as ReadableStream) : Readable.from([])
    try {
      await pipeline(source, atMost(bytes), createWriteStream(path))
    } catch (error) {
      // A full disk of this host is not the server's.
      const isOwn = asLetiError(error) ?? (error as NodeJS.ErrnoException).syscall
      throw isOwn ? error : this.isAway(`broke off: ${messageOf(error)}`)
    }
  }

  /** @param path below the address */
  private async get(path: string, signal: AbortSignal): Promise<Response> {
    let response: Response
    try {
      response = await fetch(`${this.url}/${path}`, { headers: this.headers, signal })
    } catch (error) {
      const { cause } = error as Error
      throw this.isAway(`does not answer: ${messageOf(cause ?? error)}`)
    }
    if (response.status === 401) throw this.isAway('refuses the token of --models')
    if (response.ok) return response
    await response.body?.cancel()
    if (response.status !== 404) throw this.isAway(`answers with status ${response.status}`)
    throw new LetiError(
      'unsupported',
      `the server of models has no ${path}: give farm submit its folder with --models`,
    )
  }

  private isAway(what: string): ModelsAway {
    this.away = `the server of models ${what}`
    this.isTold = false
    return new ModelsAway(this.away)
  }
}

/** Names that lead out of the model's folder, and models that would fill the disk, are refused. */
function filesIn(value: unknown): ServedFile[] {
  const files = Array.isArray(value) && value.length <= MOST_FILES ? value.filter(isFile) : []
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0)
  if (files.length && files.length === (value as unknown[]).length && bytes <= MOST_BYTES)
    return files
  throw new LetiError(
    'bad-model',
    'the server of models lists no files of a model within the limits',
  )
}

function isFile(value: unknown): value is ServedFile {
  if (!isObject(value)) return false
  const { name, bytes } = value
  const isName =
    typeof name === 'string' &&
    name.length <= 1000 &&
    name.split('/').every((part) => /^(?!\.\.?$)[^\\\p{Cc}:]+$/u.test(part))
  return isName && Number.isSafeInteger(bytes) && Number(bytes) >= 0
}

/** Fails on what is longer than was said. */
function atMost(bytes: number): Transform {
  let left = bytes
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      left -= chunk.length
      if (left < 0)
        done(new LetiError('bad-model', 'a file is longer than the server of models said'))
      else done(null, chunk)
    },
  })
}
