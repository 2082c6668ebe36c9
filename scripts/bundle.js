// Bundles each tool into one file, since start-up is mostly the resolving and reading of modules.
// What measures stays outside: it is loaded only when a device is opened.
import { readdirSync } from 'node:fs'
import { build } from 'esbuild'

const tools = readdirSync('tools')

await build({
  entryPoints: tools.map((tool) => ({
    in: `tools/${tool}/dist/cli.js`,
    out: `${tool}/bundle/cli`,
  })),
  outdir: 'tools',
  bundle: true,
  external: ['@leti/devices'],
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

// The page that measures in a browser, with TensorFlow.js in it.
await build({
  entryPoints: [
    { in: 'lib/devices/dist/targets/chromium/page.js', out: 'page' },
    { in: 'lib/devices/src/targets/chromium/index.html', out: 'index' },
  ],
  outdir: 'lib/devices/dist/page',
  loader: { '.html': 'copy' },
  bundle: true,
  platform: 'browser',
  format: 'iife',
  target: 'es2022',
  minify: true,
  logLevel: 'error',
})
