import { expect, test } from 'vitest'
import { openRedis, shownUrl } from './redis.js'
import { startRedis } from './redis.fixture.js'
import { checkServer, factsIn, openDoor, readServer } from './server.js'

const SAFE = { appendOnly: true, evictionPolicy: 'noeviction' }

test.each([
  [{ appendOnly: false }, /--appendonly yes, or accept the loss with --volatile/],
  [{ evictionPolicy: 'allkeys-lru' }, /throws keys away .*allkeys-lru.*: set maxmemory-policy/],
  [{ evictionPolicy: 'unknown' }, /unknown/],
])('a server with %j is refused, unless --volatile accepts it', (facts, message) => {
  expect(() => checkServer({ ...SAFE, ...facts }, false)).toThrow(message)
  expect(() => checkServer({ ...SAFE, ...facts }, true)).not.toThrow()
  expect(() => checkServer(SAFE, false)).not.toThrow()
})

test('reads INFO with the line ends of the protocol', () => {
  const info = '# Persistence\r\naof_enabled:1\r\n# Memory\r\nmaxmemory_policy:noeviction\r\n'
  expect(factsIn(info)).toEqual(SAFE)
  expect(factsIn('')).toEqual({ appendOnly: false, evictionPolicy: 'unknown' })
})

test('a real server without AOF is told apart; it takes its password, and no message shows it', async () => {
  const server = await startRedis('--requirepass', 'geheim%41')
  const { port } = new URL(server.url)
  const withPassword = (word: string) => `redis://user-name:${word}@127.0.0.1:${port}/0`
  try {
    const redis = await openRedis(`redis://:geheim%2541@127.0.0.1:${port}`)
    expect(await readServer(redis)).toEqual({ ...SAFE, appendOnly: false })
    redis.disconnect()
    const refused = openRedis(withPassword('falsch%2541'))
    await expect(refused).rejects.toMatchObject({ code: 'usage' })
    await expect(refused).rejects.toThrow(`--queue redis://127.0.0.1:${port}/0: WRONGPASS`)
    await expect(refused).rejects.not.toThrow(/falsch|user-name/)
  } finally {
    await server.stop()
  }
  expect(shownUrl(withPassword('x'))).toBe(`redis://127.0.0.1:${port}/0`)
})

test.each(['http://host', 'redis:', 'host:6379', 'redis://:pass word@ho st'])(
  '%s is no address, and is not quoted',
  async (url) => {
    await expect(openRedis(url)).rejects.toThrow(/^--queue takes the address of a Redis/)
  },
)

test('a server that is not there is wrong usage', async () => {
  await expect(openRedis('redis://127.0.0.1:1')).rejects.toMatchObject({
    code: 'usage',
    message: expect.stringMatching(/ECONNREFUSED \S+; start redis-server there$/) as string,
  })
})

test('a server that others reach without a password is told of', () => {
  expect(openDoor('redis://lab:6379/1')).toMatch(/^the Redis at lab asks for no password/)
  for (const url of [
    'redis://:x@lab',
    'redis://localhost',
    'redis://127.0.0.1:1',
    'redis://[::1]',
  ]) {
    expect(openDoor(url)).toBeUndefined()
  }
})
