import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Adb } from '../../adb/adb.js'
import { temporaryFolder } from '../../processes/run-folder.js'
import { seededInput } from '../../runtimes/session.js'
import type { InputFile } from './command.js'
import type { Exchange } from './measure.js'
import type { PhoneFolder } from '../../adb/phone-folder.js'

const OUTPUT = 'output.bin'

/**
 * Puts the seeded inputs on the phone, one file for each size.
 *
 * @param shapes of the model's float32 inputs, in order
 * @throws {LetiError} `device-lost`, `model-failed` if the phone is full
 */
export async function openExchange(
  adb: Adb,
  folder: PhoneFolder,
  shapes: readonly (readonly number[])[],
): Promise<Exchange> {
  const inputs: InputFile[] = []
  for (const shape of shapes) inputs.push({ shape, path: await putInput(folder, sizeOf(shape)) })
  const output = `${folder.path}/${OUTPUT}`
  return { inputs, output, readOutput: () => takeOutput(adb, folder, output) }
}

function putInput(folder: PhoneFolder, size: number): Promise<string> {
  return inTemporaryFolder(async (path) => {
    const local = join(path, 'input')
    await writeFile(local, new Uint8Array(seededInput(size).buffer))
    return folder.put(local, `input-${size}.bin`)
  })
}

/**
 * Reads the output file and removes it, so that it cannot be mistaken for the output of a later
 * invocation that writes none.
 */
function takeOutput(adb: Adb, folder: PhoneFolder, remote: string): Promise<number[]> {
  return inTemporaryFolder(async (path) => {
    const local = join(path, OUTPUT)
    await adb.pull(remote, local)
    await folder.delete(remote)
    const bytes = await readFile(local)
    return Array.from({ length: Math.floor(bytes.length / 4) }, (_, i) => bytes.readFloatLE(4 * i))
  })
}

async function inTemporaryFolder<T>(work: (path: string) => Promise<T>): Promise<T> {
  const path = await temporaryFolder()
  try {
    return await work(path)
  } finally {
    await rm(path, { recursive: true, force: true })
  }
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1)
}
