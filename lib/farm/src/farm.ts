import { openRedis } from './redis.js'
import { checkServer, readServer } from './server.js'
import { Queues } from './queues.js'
import { ResultStore } from './store.js'

/** A connection to the farm. */
export interface Farm {
  readonly queues: Queues
  readonly store: ResultStore
  close(): Promise<void>
}

/** @throws {LetiError} `usage` if the server is not there, or may lose what it is given */
export async function openFarm(url: string, isVolatile: boolean): Promise<Farm> {
  const redis = await openRedis(url)
  try {
    checkServer(await readServer(redis), isVolatile)
  } catch (error) {
    redis.disconnect()
    throw error
  }
  const queues = new Queues(redis)
  const close = async (): Promise<void> => {
    await queues.close()
    redis.disconnect()
  }
  return { queues, store: new ResultStore(redis), close }
}
