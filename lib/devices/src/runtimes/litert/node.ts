/** Starts LiteRT.js in Node: on the CPU, with one thread. */
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { readFileSync } from 'node:fs'
import { runInThisContext } from 'node:vm'
import { readRegular } from '@leti/records/files'
import { loadLiteRt } from '@litertjs/core'
import core from '@litertjs/core/package.json' with { type: 'json' }
import { folderOf } from '../../locations.js'
import type { Started } from '../session.js'
import { LitertSession } from './session.js'
import { LITERT_WASM } from './wasm-module.js'

const require = createRequire(import.meta.url)

export async function start(): Promise<Started> {
  actAsWebWorker()
  // Given the folder, LiteRT.js picks the build that this Node can run.
  await loadLiteRt(folderOf(LITERT_WASM))
  return {
    session: new LitertSession((path) => readRegular(path), 'wasm', 1),
    runtime: `litert@${core.version}`,
    threads: 1,
  }
}

/**
 * LiteRT.js loads its wasm module as in a web worker: `importScripts` runs a script that leaves a
 * factory in the global scope. The script itself detects Node, and then expects what a CommonJS module
 * has: `require`, `__filename` and `__dirname`.
 */
function actAsWebWorker(): void {
  const importScripts = (path: string): void => {
    const code = readFileSync(path, 'utf8')
    const wrapped = `(function (require, __filename, __dirname) { ${code}\nreturn ModuleFactory })`
    const load = runInThisContext(wrapped, { filename: path }) as (...args: unknown[]) => unknown
    Object.assign(globalThis, { ModuleFactory: load(require, path, dirname(path)) })
  }
  Object.assign(globalThis, { self: globalThis, importScripts })
}
