import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { expect, test } from 'vitest'
import { ROOT } from './run.js'

// No other test runs the benches, and no compiler reads them.

test('scripts import what the libraries export', async () => {
  const files = readdirSync(join(ROOT, 'scripts'), { recursive: true, encoding: 'utf8' })
  const { errors } = await build({
    entryPoints: files
      .filter((name) => name.endsWith('.js'))
      .map((name) => join(ROOT, 'scripts', name)),
    bundle: true,
    write: false,
    outdir: 'unused',
    platform: 'node',
    format: 'esm',
    packages: 'external',
    logLevel: 'silent',
  })
  expect(errors).toEqual([])
})
