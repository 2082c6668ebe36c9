import { once } from 'node:events'
import { constants } from 'node:fs'
import { open, rm } from 'node:fs/promises'
import { connect, createServer, type Server } from 'node:net'
import { isFile } from './address.js'

/** @returns a server at the address; `undefined` if another process has it */
export function listenAt(address: string): Promise<Server | undefined> {
  return isFile(address) ? listenOnFile(address) : tryToListen(address)
}

async function tryToListen(address: string): Promise<Server | undefined> {
  const server = createServer()
  try {
    await once(server.listen(address), 'listening')
    return server
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return undefined
    throw error
  }
}

/** The flag of macOS's `open` that waits for an exclusive lock on the file; Node has no name for it. */
const O_EXLOCK = 0x20

/**
 * Listens on a socket that is a file. A killed process leaves such a file behind; nobody answers there.
 * One process at a time may remove it: else a second would remove the new socket of the first.
 */
async function listenOnFile(path: string): Promise<Server | undefined> {
  const turn = await open(`${path}.turn`, constants.O_RDWR | constants.O_CREAT | O_EXLOCK)
  try {
    if (await isLeftBehind(path)) await rm(path, { force: true })
    return await tryToListen(path)
  } finally {
    await turn.close()
  }
}

async function isLeftBehind(path: string): Promise<boolean> {
  const socket = connect(path)
  try {
    await once(socket, 'connect')
    return false
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ECONNREFUSED'
  } finally {
    socket.destroy()
  }
}
