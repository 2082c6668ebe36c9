// Bundles each tool, since start-up is mostly the resolving and reading of modules: into one file, and
// others for what is imported where it is used. What measures and what trains networks stays outside.
import { readdirSync, rmSync } from 'node:fs'
import { build } from 'esbuild'

for (const tool of readdirSync('tools')) {
  rmSync(`tools/${tool}/bundle`, { recursive: true, force: true })
  await build({
    entryPoints: [`tools/${tool}/dist/main.js`],
    outdir: `tools/${tool}/bundle`,
    bundle: true,
    splitting: true,
    alias: { 'string-width': './scripts/ascii-width.cjs' },
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
}

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
