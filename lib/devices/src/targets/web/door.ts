/** Who may ask what of a web device's server. Everything else gets the same answer. */
import type { IncomingMessage } from 'node:http'
import type { Pairing } from './pairing.js'

const MIB = 2 ** 20
/** The outputs of a large network come as one message. */
const MOST_BYTES = 64 * MIB
/** A code, or a word of goodbye. */
const MOST_BYTES_OF_STRANGER = 1024

/** A request that may be answered. */
export interface Admitted {
  /** What is asked for, below the token. */
  readonly path: string
  /** Whether the browser was paired. */
  readonly isPaired: boolean
}

export class Door {
  private readonly hosts: ReadonlySet<string>

  /**
   * @param names under which browsers may reach the server: another name is an attack by DNS rebinding
   * @param cookie name of the cookie that a paired browser has
   */
  constructor(
    names: readonly string[],
    port: number,
    private readonly cookie: string,
    private readonly pairing: Pairing,
  ) {
    this.hosts = new Set(names.map((name) => (port === 443 ? name : `${name}:${port}`)))
  }

  /**
   * A request by the paired browser, or by one that has the token and may pair. Only pages of this server may post.
   *
   * @returns `undefined` for all others
   */
  admit({ method, url = '', headers }: IncomingMessage): Admitted | undefined {
    const { host = '', origin, cookie = '' } = headers
    if (!this.hosts.has(host.toLowerCase())) return undefined
    if (method !== 'GET' && method !== 'POST') return undefined
    if (origin !== undefined || method === 'POST') {
      if (origin !== `https://${host}`) return undefined
    }
    const [, token, path] = /^\/([\w-]+)\/(.*)$/.exec(url.split('?', 1)[0]) ?? []
    if (token !== this.pairing.token) return undefined
    const isPaired = this.pairing.admits(cookieOf(cookie, this.cookie))
    return isPaired || !this.pairing.isDone ? { path, isPaired } : undefined
  }
}

function cookieOf(header: string, name: string): string | undefined {
  const found = header.split(/;\s*/).find((cookie) => cookie.startsWith(`${name}=`))
  return found?.slice(name.length + 1)
}

/**
 * The body of a request, as JSON.
 *
 * @returns `undefined` if it is none, or too long
 */
export async function bodyOf(
  request: AsyncIterable<Buffer>,
  { isPaired }: Admitted,
): Promise<unknown> {
  const most = isPaired ? MOST_BYTES : MOST_BYTES_OF_STRANGER
  const chunks: Buffer[] = []
  let bytes = 0
  try {
    for await (const chunk of request) {
      bytes += chunk.length
      if (bytes > most) return undefined
      chunks.push(chunk)
    }
    return JSON.parse(Buffer.concat(chunks).toString()) as unknown
  } catch {
    return undefined
  }
}
