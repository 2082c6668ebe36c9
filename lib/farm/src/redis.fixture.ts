import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { freePort } from '../../devices/src/targets/android-chrome/free-port.js'

/** A Redis of a test: its own process, port and folder. */
export interface TestRedis {
  readonly url: string
  /** Ends it as `kill -9` does. */
  kill(): Promise<void>
  /** Starts it again with what is on its disk. */
  restart(): Promise<void>
  stop(): Promise<void>
}

/** @param options of `redis-server` */
export async function startRedis(...options: string[]): Promise<TestRedis> {
  execFileSync('redis-server', ['--version'])
  const folder = mkdtempSync(join(tmpdir(), 'leti-redis-'))
  const port = await freePort()
  const args = [
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--dir',
    folder,
    '--save',
    '',
    ...options,
  ]
  let server: ChildProcess
  const start = async (): Promise<void> => {
    server = spawn('redis-server', args, { stdio: 'ignore' })
    await answer(port)
  }
  const kill = async (): Promise<void> => {
    const ended = new Promise((resolve) => server.on('exit', resolve))
    server.kill('SIGKILL')
    await ended
  }
  await start()
  return {
    url: `redis://127.0.0.1:${port}`,
    kill,
    restart: start,
    stop: async () => {
      await kill()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** A network between a worker and a Redis. */
export interface TestProxy {
  readonly url: string
  /** Nothing passes on the connections that there are, without an end; new ones work. */
  freeze(): void
  close(): void
}

export async function startProxy(url: string): Promise<TestProxy> {
  const sockets: Socket[] = []
  const server = createServer((near) => {
    const far = connect(Number(new URL(url).port), '127.0.0.1')
    sockets.push(near, far)
    for (const socket of [near, far]) socket.on('error', () => undefined)
    near.pipe(far).pipe(near)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `redis://127.0.0.1:${port}`,
    freeze: () => sockets.forEach((socket) => socket.unpipe().pause()),
    close: () => {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}

async function answer(port: number): Promise<void> {
  const redis = new Redis(port, { retryStrategy: () => 50, maxRetriesPerRequest: null })
  redis.on('error', () => undefined)
  const isThere = (reply: unknown): boolean => /PONG|NOAUTH/.test(String(reply))
  while (!isThere(await redis.ping().catch(String))) await delay(50)
  redis.disconnect()
}
