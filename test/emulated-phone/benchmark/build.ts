import { chmod, mkdir, rename } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { ROOT } from '../../run.js'

/** The emulated tool: the TFLite Interpreter's, or LiteRT's for CompiledModel. */
export type Generation = 'interpreter' | 'compiled'

const FILE_NAMES = { interpreter: 'benchmark_model', compiled: 'benchmark_litert_model' }

const FOLDER = join(ROOT, 'node_modules/.cache/emulated-phone')

/**
 * Builds the emulated benchmark tool as one executable file, which is pushed to an emulated phone like the
 * real one to a real phone. Returns its path.
 */
export async function buildBenchmark(generation: Generation): Promise<string> {
  const require = createRequire(import.meta.url)
  await mkdir(FOLDER, { recursive: true })
  const path = join(FOLDER, FILE_NAMES[generation])
  // Another process may build the same file, so write to another name and rename.
  const outfile = `${path}.${process.pid}`
  await build({
    entryPoints: [fileURLToPath(new URL('main.ts', import.meta.url))],
    outfile,
    bundle: true,
    platform: 'node',
    // A file without an extension is CommonJS to Node.
    format: 'cjs',
    minify: true,
    banner: { js: `#!${process.execPath}` },
    define: {
      GENERATION: JSON.stringify(generation),
      LITERT_WASM: JSON.stringify(
        join(dirname(require.resolve('@litertjs/core/package.json')), 'wasm'),
      ),
    },
    logLevel: 'error',
  })
  await chmod(outfile, 0o755)
  await rename(outfile, path)
  return path
}
