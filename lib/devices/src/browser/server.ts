import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { RUNTIMES } from '../runtimes/registry.js'
import { sendFile, ServedFiles } from './served-files.js'

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

/** @param runtime of the page, by name */
export async function startServer(runtime: string): Promise<PageServer> {
  const token = `${PAGE_MARK}${randomBytes(16).toString('hex')}`
  const served = new ServedFiles()
  const server = createServer((request, response) => {
    void answer(request, response, served, token)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  return {
    port,
    path: `/${token}/index.html`,
    offer: (path) => served.offer(path, RUNTIMES[runtime].format),
    close: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}

async function answer(
  { method, url = '' }: IncomingMessage,
  response: ServerResponse,
  served: ServedFiles,
  token: string,
): Promise<void> {
  const path = method === 'GET' ? served.find(url, token) : undefined
  if (!(await sendFile(response, path))) response.writeHead(404).end()
}
