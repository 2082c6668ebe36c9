/**
 * Where the files lie that are run or served but not imported. Only this module knows. All paths start
 * from the module itself, so a bundle works anywhere if it keeps the programs and the page beside it.
 */
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The program of the `node` target's process (`targets/node/worker.ts`, built). */
export const WORKER = fileURLToPath(new URL('targets/node/worker.js', import.meta.url))

/** The program that makes model files (`models/worker.ts`, built). */
export const MODEL_WORKER = fileURLToPath(new URL('models/worker.js', import.meta.url))

/** The folder of the page that measures in browsers (`browser/page.ts` and `index.html`, bundled). */
export const PAGE_FOLDER = fileURLToPath(new URL('page', import.meta.url))

/** The folder that a module of an installed package lies in. */
export function folderOf(module: string): string {
  return dirname(createRequire(import.meta.url).resolve(module))
}
