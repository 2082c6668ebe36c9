import { LetiError } from '@leti/records'
import { expect, test } from 'vitest'
import type { Worker } from './processes/worker.js'
import { Reference, type ModelFiles } from './reference.js'

const NEVER = new AbortController().signal

/** Processes that answer with the length of their runtime's name, or die. */
function synthetic(dying?: string) {
  const started: string[] = []
  const open = (): Worker => {
    let runtime = ''
    return {
      call: (method: string, ...args: unknown[]) => {
        if (method === 'start') started.push((runtime = args.join('/')))
        if (runtime === dying) return Promise.reject(new Error('it died'))
        return Promise.resolve(method === 'lastOutput' ? [runtime.length] : undefined)
      },
      end: () => Promise.resolve(),
    } as unknown as Worker
  }
  return { started, reference: new Reference('tfjs', 'wasm', open) }
}

/** `asked` has the formats that were made. */
function model(unsupported: readonly string[], key?: string) {
  const asked: string[] = []
  const file: ModelFiles['file'] = (format) => {
    asked.push(format)
    if (!unsupported.includes(format)) return Promise.resolve(format)
    return Promise.reject(new LetiError('unsupported', 'no such operator'))
  }
  return { asked, files: { file, ...(key !== undefined && { key }) } }
}

test('the visits of a network share one reference, and all networks one process', async () => {
  const { started, reference } = synthetic()
  const [first, again, other] = [model([], 'a'), model([], 'a'), model([], 'b')]
  expect(await reference.output(first.files, NEVER)).toEqual(Float32Array.of(11))
  await reference.output(again.files, NEVER)
  await reference.output(other.files, NEVER)
  expect([first, again, other].map(({ asked }) => asked)).toEqual([['tflite'], [], ['tflite']])
  // Nothing tells whether models without a key are the same.
  const unknown = model([])
  await reference.output(unknown.files, NEVER)
  expect(unknown.asked).toEqual(['tflite'])
  expect(started).toEqual(['litert/wasm'])
})

test('what one runtime cannot run, another one does', async () => {
  const { reference } = synthetic()
  expect(await reference.output(model(['tflite']).files, NEVER)).toEqual(Float32Array.of(8))
  const dying = synthetic('litert/wasm')
  expect(await dying.reference.output(model([]).files, NEVER)).toEqual(Float32Array.of(8))
  await expect(reference.output(model(['tflite', 'tfjs']).files, NEVER)).rejects.toMatchObject({
    code: 'unsupported',
    message: 'no CPU reference (--no-verify measures without): no such operator',
  })
})

test('what is stopped tries no other runtime', async () => {
  const { started, reference } = synthetic('litert/wasm')
  await expect(reference.output(model([]).files, AbortSignal.abort())).rejects.toThrow('it died')
  expect(started).toEqual(['litert/wasm'])
})
