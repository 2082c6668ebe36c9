import { constants } from 'node:fs'
import { mkdir, open, rm, symlink, utimes, type FileHandle } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { AdbStream } from '../stream.js'
import type { ByteReader } from '../byte-reader.js'
import { failure, MAX_BLOCK, message } from './messages.js'

/** Notified about pushes. */
export interface PushWatcher {
  /** Called before a block is written. If it throws, the write fails with that error. */
  onBlock(path: string, bytes: number): void
  onPushed(path: string, bytes: number): void
}

/** RECV: a pull. Returns whether the stream can go on. */
export async function sendToHost(stream: AdbStream, path: string): Promise<boolean> {
  let file: FileHandle
  try {
    file = await open(path)
  } catch (error) {
    stream.write(failure('open failed', error))
    return false
  }
  try {
    for await (const block of file.createReadStream({ highWaterMark: MAX_BLOCK })) {
      const bytes = block as Buffer
      await written(stream, Buffer.concat([message('DATA', bytes.length), bytes]))
    }
  } catch (error) {
    stream.write(failure('read failed', error))
    return false
  }
  stream.write(message('DONE', 0))
  return true
}

function written(stream: AdbStream, bytes: Buffer): Promise<void> {
  return new Promise((resolve) => void stream.write(bytes, () => resolve()))
}

/**
 * SEND: a push. Like adbd, it reports an error at once and then discards the rest of the data; it removes a
 * file that was not received completely. Returns whether the stream can go on.
 */
export async function receiveFromHost(
  stream: AdbStream,
  reader: ByteReader,
  phonePath: string,
  path: string,
  mode: number,
  watcher: PushWatcher,
): Promise<boolean> {
  const isLink = (mode & constants.S_IFMT) === constants.S_IFLNK
  let file: FileHandle | undefined
  let step = "couldn't create file"
  let bytes = 0
  try {
    if (!isLink) file = await createFile(path, mode)
    step = 'write failed'
    for (;;) {
      const block = await nextBlock(reader)
      if (typeof block === 'number') {
        await file?.close()
        if (!isLink) await utimes(path, block, block)
        watcher.onPushed(phonePath, bytes)
        stream.write(message('OKAY', 0))
        return true
      }
      bytes += block.length
      watcher.onBlock(phonePath, block.length)
      if (file) await file.writeFile(block)
      else await createLink(path, block)
    }
  } catch (error) {
    stream.write(failure(step, error))
    await drain(reader)
    await file?.close().catch(() => undefined)
    await rm(path, { force: true })
    return false
  }
}

/** The next block of the file; after the last one, the file's modification time. */
async function nextBlock(reader: ByteReader): Promise<Buffer | number> {
  const head = await reader.read(8)
  const number = head?.readUInt32LE(4) ?? 0
  if (head?.toString('latin1', 0, 4) === 'DONE') return number
  const block = head && (await reader.read(number))
  if (!block) throw new Error('connection lost')
  return block
}

async function drain(reader: ByteReader): Promise<void> {
  try {
    while (typeof (await nextBlock(reader)) !== 'number');
  } catch {
    // The host has disconnected.
  }
}

async function createFile(path: string, mode: number): Promise<FileHandle> {
  await mkdir(dirname(path), { recursive: true })
  await rm(path, { force: true })
  const file = await open(path, 'wx')
  const user = mode & 0o700
  // As in adbd, the group and others get the user's permissions.
  await file.chmod((mode & 0o777) | (user >> 3) | (user >> 6))
  return file
}

async function createLink(path: string, target: Buffer): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await rm(path, { force: true })
  await symlink(target.toString().replace(/\0.*$/s, ''), path)
}
