// Bundles the tools with esbuild: most of a tool's start-up would else be the reading of many modules.
// An `import()` stays a file of its own that is read only when it runs.
import { cpSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { build } from 'esbuild'

/** The tools that the package `leti` installs under their own names too. */
const NAMED_TOOLS = ['nb101-sample', 'gen-model', 'device-run', 'featurize', 'train', 'predict']

await bundleAll()

async function bundleAll() {
  for (const tool of readdirSync('tools')) {
    if (tool !== 'leti') await bundleTool(tool)
  }
  await bundlePage()
  await bundleLeti()
}

/** A tool for use in the clone: its own code, with the heavy libraries as they are in `lib/`. */
async function bundleTool(tool) {
  await bundle(
    `tools/${tool}/bundle`,
    [`tools/${tool}/dist/main.js`],
    ['@leti/devices', '@leti/predictors/neural'],
  )
}

/** The package `leti`: all tools and libraries; its dependencies are installed beside it. */
async function bundleLeti() {
  const { dependencies } = JSON.parse(readFileSync('tools/leti/package.json', 'utf8'))
  const entries = {
    main: 'tools/leti/dist/main.js',
    worker: 'lib/devices/dist/targets/node/worker.js',
    ...Object.fromEntries(NAMED_TOOLS.map((tool) => [tool, `tools/${tool}/dist/main.js`])),
  }
  await bundle('tools/leti/bundle', entries, Object.keys(dependencies))
  // The device library finds its page here, as seen from its bundle.
  rmSync('tools/leti/page', { recursive: true, force: true })
  cpSync('lib/devices/dist/page', 'tools/leti/page', { recursive: true })
}

async function bundle(outdir, entryPoints, external) {
  rmSync(outdir, { recursive: true, force: true })
  await build({
    entryPoints,
    outdir,
    bundle: true,
    splitting: true,
    alias: { 'string-width': './scripts/ascii-width.cjs' },
    external,
    platform: 'node',
    format: 'esm',
    target: 'node20.12',
    minifySyntax: true,
    minifyWhitespace: true,
    sourcemap: false,
    logLevel: 'warning',
    // CommonJS packages inside an ES module still call `require`.
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
  })
}

/** The page that measures in a browser, and a chunk for each runtime. */
async function bundlePage() {
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
}
