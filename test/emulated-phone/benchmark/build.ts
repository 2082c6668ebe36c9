import { mkdtempSync, rmSync } from 'node:fs'
import { chmod } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

/** Which tool is imitated: the TFLite Interpreter's, or LiteRT's for CompiledModel. */
export type Generation = 'interpreter' | 'compiled'

const FILE_NAMES = { interpreter: 'benchmark_model', compiled: 'benchmark_litert_model' }

/**
 * Builds the emulated benchmark tool: one executable file, to be pushed to an emulated phone as the real
 * one is pushed to a real phone. Returns its path; the file is removed when this process ends.
 */
export async function buildBenchmark(generation: Generation): Promise<string> {
  const require = createRequire(import.meta.url)
  const folder = mkdtempSync(join(tmpdir(), 'emulated-benchmark-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  const outfile = join(folder, FILE_NAMES[generation])
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
  return outfile
}
