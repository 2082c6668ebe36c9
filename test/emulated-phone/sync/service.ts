import type { PhoneFiles } from '../files.js'
import type { AdbStream } from '../stream.js'
import { ByteReader } from '../byte-reader.js'
import { failure } from './messages.js'
import { answerList, answerStat } from './stat.js'
import { receiveFromHost, sendToHost, type PushWatcher } from './transfer.js'

/** Serves `sync:`: push, pull, ls and stat, until the host ends the stream. */
export async function serveSync(
  stream: AdbStream,
  files: PhoneFiles,
  watcher: PushWatcher,
): Promise<void> {
  const reader = new ByteReader(stream)
  let goesOn = true
  while (goesOn) {
    const head = await reader.read(8)
    const argument = head && (await reader.read(head.readUInt32LE(4)))
    if (!argument) break
    goesOn = await answer(head.toString('latin1', 0, 4), argument.toString())
  }
  stream.end()

  async function answer(id: string, argument: string): Promise<boolean> {
    const path = files.toHost(argument)
    if (id === 'STAT' || id === 'STA2' || id === 'LST2') {
      stream.write(await answerStat(id, path))
      return true
    }
    if (id === 'LIST' || id === 'LIS2') {
      stream.write(await answerList(id, path))
      return true
    }
    if (id === 'RECV') return sendToHost(stream, path)
    if (id === 'SEND') {
      const comma = argument.lastIndexOf(',')
      const phonePath = argument.slice(0, comma)
      const mode = Number(argument.slice(comma + 1))
      return receiveFromHost(stream, reader, phonePath, files.toHost(phonePath), mode, watcher)
    }
    if (id !== 'QUIT') stream.write(failure('unknown command', new Error(id)))
    return false
  }
}
