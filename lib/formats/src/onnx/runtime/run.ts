import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import type { Readable } from 'node:stream'
import { pathToFileURL } from 'node:url'
import type { Shape } from '@leti/network'
import { PROGRAM } from './program.js'

/** An input to feed. */
export interface Feed {
  readonly name: string
  /** As ONNX Runtime calls it. */
  readonly type: string
  readonly shape: Shape
  /** The number of all its elements; undefined if it may be any. */
  readonly number: number | undefined
}

interface Part {
  /** The name by which the model calls a file of weights; empty for the model itself. */
  readonly name: string
  readonly bytes: Uint8Array
}

export interface Run {
  /** The model, then its files of weights. */
  readonly parts: readonly Part[]
  readonly feeds: readonly Feed[]
  /** Names of the tensors whose numbers are asked for. */
  readonly values: readonly string[]
}

/** An output of the model. */
export interface RunTensor {
  readonly name: string
  readonly shape: Shape
  readonly isFloat: boolean
  /** Whether the shape depends on the numbers of the inputs. */
  readonly isVarying: boolean
  /** Absent if they were not asked for, or are too many. */
  readonly values?: readonly number[]
}

type Answer = { readonly tensors: readonly RunTensor[] } | { readonly error: string }

const LIMITS = {
  /** A run of the largest models takes seconds; part of the time goes into loading. */
  seconds: 120,
  /** Half of what WebAssembly can address: 4 GiB, which bounds the memory of the process. */
  modelBytes: 2 ** 31,
  answerBytes: 2 ** 28,
  /** Numbers of one tensor. */
  values: 2 ** 20,
} as const

/**
 * Runs an `.onnx` file in ONNX Runtime, in a process of its own, whose time and memory are bounded.
 *
 * @returns its outputs for inputs of zeros
 * @throws {Error} if the runtime is not installed or cannot run the file
 */
export async function runOnce(run: Run): Promise<readonly RunTensor[]> {
  const { parts, feeds, values } = run
  const bytes = parts.reduce((sum, part) => sum + part.bytes.length, 0)
  if (bytes > LIMITS.modelBytes) throw new Error('the model is too large to run')
  const runtime = createRequire(import.meta.url).resolve('onnxruntime-web')
  const request = Buffer.from(
    JSON.stringify({
      runtime: pathToFileURL(runtime).href,
      feeds,
      values,
      maxValues: LIMITS.values,
      sizes: parts.map((part) => ({ name: part.name, bytes: part.bytes.length })),
    }),
  )
  const length = Buffer.alloc(4)
  length.writeUInt32LE(request.length)
  const answer = await answerTo([length, request, ...parts.map((part) => part.bytes)])
  if ('error' in answer) throw new Error(answer.error)
  return answer.tensors
}

async function answerTo(pieces: readonly Uint8Array[]): Promise<Answer> {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', PROGRAM], {
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  const end = (): void => void child.kill('SIGKILL')
  // Without this, a process that computes would outlive this one.
  process.once('exit', end)
  const timer = setTimeout(end, 1000 * LIMITS.seconds)
  try {
    const failed = new Promise<never>((_resolve, reject) => child.once('error', reject))
    // A process that ends early closes its stdin; what it answered tells why.
    child.stdin.on('error', () => undefined)
    for (const piece of pieces) child.stdin.write(piece)
    child.stdin.end()
    const text = await Promise.race([read(child.stdout), failed])
    if (text === '') throw new Error(`the process ended, or took more than ${LIMITS.seconds} s`)
    return JSON.parse(text) as Answer
  } finally {
    clearTimeout(timer)
    process.off('exit', end)
    end()
  }
}

async function read(stream: Readable): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > LIMITS.answerBytes) throw new Error('the answer is too long')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
