/** Serves the folder of models to workers that share no disk: by digest, to those that have a token. */
import { createReadStream } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join, relative, sep } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { isSameSecret } from '@leti/devices'
import { LetiError, messageOf } from '@leti/records'

export interface ModelServerOptions {
  readonly host: string
  /** 0 for any free one. */
  readonly port: number
  readonly token: string
  /** Certificate and key in PEM; absent: plain HTTP. */
  readonly tls?: { readonly cert: string; readonly key: string } | undefined
}

/** A file of a model: its name within the model's folder, with slashes. */
export interface ServedFile {
  readonly name: string
  readonly bytes: number
}

export interface ModelServer {
  readonly port: number
  close(): void
}

/**
 * @param folder that `farm submit --models` writes
 * @throws {LetiError} `usage` if it cannot listen
 */
export async function serveModels(
  folder: string,
  { host, port, token, tls }: ModelServerOptions,
): Promise<ModelServer> {
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    respond(folder, token, request, response).catch(() => response.destroy())
  }
  const server = tls ? createSecureServer(tls, answer) : createServer(answer)
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(port, host, resolve)
    })
  } catch (error) {
    throw new LetiError('usage', `--listen ${host}: ${messageOf(error)}`, { cause: error })
  }
  return {
    port: (server.address() as AddressInfo).port,
    close: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}

async function respond(
  folder: string,
  token: string,
  { method, url = '', headers }: IncomingMessage,
  response: ServerResponse,
): Promise<unknown> {
  const end = (status: number, body = '') => response.writeHead(status).end(body)
  if (!isSameSecret(headers.authorization ?? '', `Bearer ${token}`)) return end(401)
  if (method !== 'GET') return end(405)
  const [, digest = '', name] = /^\/([0-9a-f]{64})\/(.*)$/.exec(url) ?? []
  if (!digest) return end(url === '/' ? 200 : 404)
  const files = await filesOf(join(folder, digest))
  if (!files.length) return end(404)
  if (!name) return end(200, JSON.stringify(files))
  // Only what the folder lists is opened, whatever the name says.
  const file = files.find((one) => one.name === decoded(name))
  if (!file) return end(404)
  response.writeHead(200, { 'Content-Length': file.bytes })
  const bytes = createReadStream(join(folder, digest, ...file.name.split('/')))
  return pipeline(bytes, response)
}

/** The regular files of a model; none if there is no such model. */
async function filesOf(folder: string): Promise<ServedFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  const paths = entries.filter((entry) => entry.isFile()).map((e) => join(e.parentPath, e.name))
  return Promise.all(
    paths.map(async (path) => ({
      name: relative(folder, path).replaceAll(sep, '/'),
      bytes: (await stat(path)).size,
    })),
  )
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name)
  } catch {
    return ''
  }
}
