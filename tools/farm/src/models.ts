import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { isIP } from 'node:net'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { addressOf, isLoopback, readCertificate } from '@leti/devices'
import { FetchedModels, ModelFolder, serveModels, type Models } from '@leti/farm'
import type { Io } from '@leti/pipe'
import { LetiError } from '@leti/records'
import envPaths from 'env-paths'

const HERE = '127.0.0.1'
const PORT = 8378

export interface ModelsArguments {
  readonly models?: string | undefined
  readonly listen?: string | undefined
  readonly cert?: string | undefined
  readonly key?: string | undefined
}

/** Serves the folder of models to workers until it is stopped. */
export async function serveFolder(
  io: Io,
  { models, listen, cert, key }: ModelsArguments,
): Promise<void> {
  if (models === undefined) throw new LetiError('usage', '--models is missing: the folder to serve')
  const address = addressOf(listen ?? HERE)
  if (!address) throw new LetiError('usage', '--listen takes an address such as 192.168.1.20:8378')
  const { host, port } = address
  const given = process.env.LETI_MODELS_TOKEN
  const token = given ?? randomBytes(16).toString('base64url')
  const tls = await pairOf(cert, key)
  const server = await serveModels(models, { host, port: port || PORT, token, tls })
  try {
    const at = `${nameOf(host)}:${server.port}`
    const secret = given === undefined ? token : '$LETI_MODELS_TOKEN'
    io.ask(`workers take LETI_MODELS=${tls ? 'https' : 'http'}://:${secret}@${at}`)
    if (!tls && !isLoopback(host)) {
      io.warn(
        `plain HTTP: whoever listens in the network of ${host} reads the token and the models`,
      )
    }
    if (!io.signal.aborted) await once(io.signal, 'abort')
  } finally {
    server.close()
  }
}

/**
 * Where the worker finds models: in a folder, or at the address of `farm models`.
 *
 * @throws {LetiError} `usage`; the address is not quoted: it may hold a token
 */
export function modelsAt(place: string | undefined): Models {
  if (place === undefined || !/^https?:/i.test(place)) return new ModelFolder(place)
  const url = URL.canParse(place) ? new URL(place) : undefined
  if (url && (url.password || url.username)) {
    return new FetchedModels(place, join(envPaths('leti', { suffix: '' }).cache, 'models'))
  }
  throw new LetiError(
    'usage',
    '--models takes a folder, or an address such as http://:token@host:8378',
  )
}

async function pairOf(cert: string | undefined, key: string | undefined) {
  if (cert === undefined && key === undefined) return undefined
  if (cert !== undefined && key !== undefined) return readCertificate(cert, key)
  throw new LetiError('usage', '--cert and --key belong together')
}

/** As other hosts have it in an address. */
function nameOf(host: string): string {
  if (host === '0.0.0.0' || host === '::') return hostname()
  return isIP(host) === 6 ? `[${host}]` : host
}
