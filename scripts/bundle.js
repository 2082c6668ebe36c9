// Bundles each tool into one file, since start-up is mostly the resolving and reading of modules.
// What measures and what trains networks stays outside: it is loaded only where it is used.
import { readdirSync, rmSync } from 'node:fs'
import { build } from 'esbuild'

const tools = readdirSync('tools')

await build({
  entryPoints: tools.map((tool) => ({
    in: `tools/${tool}/dist/cli.js`,
    out: `${tool}/bundle/cli`,
  })),
  outdir: 'tools',
  bundle: true,
  external: ['@leti/devices', '@leti/predictors/neural'],
  platform: 'node',
  format: 'esm',
  target: 'node20',
  minifySyntax: true,
  minifyWhitespace: true,
  sourcemap: false,
  logLevel: 'warning',
  // CommonJS packages inside an ES module still ask for `require`.
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
})

// The page that measures in a browser, and a chunk for each runtime.
rmSync('lib/devices/dist/page', { recursive: true, force: true })
await build({
  entryPoints: [
    { in: 'lib/devices/dist/browser/page.js', out: 'page' },
    { in: 'lib/devices/src/browser/index.html', out: 'index' },
  ],
  outdir: 'lib/devices/dist/page',
  loader: { '.html': 'copy' },
  bundle: true,
  platform: 'browser',
  format: 'esm',
  splitting: true,
  target: 'es2022',
  minify: true,
  logLevel: 'error',
})
