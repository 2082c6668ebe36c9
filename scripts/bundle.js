// Bundles the tools with esbuild: reading many modules would else take most of their start-up time. What
// a tool loads with `import()` stays a file of its own, read only when it is used.
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { build } from 'esbuild'
import { asciiWidth } from './ascii-width.js'
import { licensesOf } from './licenses.js'

for (const tool of readdirSync('tools').filter((name) => name !== 'leti')) await bundleTool(tool)
const page = await bundlePage()
await bundleLeti(page)

/** A tool as the clone has it: what measures and what trains networks stays in `lib`. */
async function bundleTool(tool) {
  const external = ['@leti/devices', '@leti/predictors/neural']
  await bundle(`tools/${tool}/bundle`, [`tools/${tool}/dist/main.js`], external)
}

/** The page that measures in a browser, and a chunk for each runtime. Returns the paths of its sources. */
async function bundlePage() {
  rmSync('lib/devices/dist/page', { recursive: true, force: true })
  const { metafile } = await build({
    entryPoints: [
      { in: 'lib/devices/dist/browser/page.js', out: 'page' },
      { in: 'lib/devices/src/browser/index.html', out: 'index' },
    ],
    outdir: 'lib/devices/dist/page',
    loader: { '.html': 'copy' },
    bundle: true,
    platform: 'browser',
    format: 'esm',
    // The loaders of runtimes in Node, which the page never calls.
    external: ['./node.js'],
    splitting: true,
    target: 'es2022',
    minify: true,
    metafile: true,
    logLevel: 'error',
  })
  return Object.keys(metafile.inputs)
}

/** All tools and libraries in one folder, for use outside the clone: only npm packages stay outside. */
async function bundleLeti(pageSources) {
  const { dependencies, publishConfig } = JSON.parse(
    readFileSync('tools/leti/package.json', 'utf8'),
  )
  const named = Object.keys(publishConfig.bin).filter((name) => name !== 'leti')
  const sources = await bundle(
    'tools/leti/bundle',
    {
      main: 'tools/leti/dist/main.js',
      // Programs that run in processes of their own (`lib/devices/src/locations.ts`).
      'targets/node/worker': 'lib/devices/dist/targets/node/worker.js',
      'models/worker': 'lib/devices/dist/models/worker.js',
      ...Object.fromEntries(named.map((tool) => [tool, `tools/${tool}/dist/main.js`])),
    },
    // The loaders of runtimes in a page, which Node never calls, stay outside too.
    [...Object.keys(dependencies), './page.js'],
  )
  writeFileSync('tools/leti/bundle/LICENSES.txt', licensesOf([...sources, ...pageSources]))
  // `lib/devices/src/locations.ts` looks for the page here.
  cpSync('lib/devices/dist/page', 'tools/leti/bundle/page', { recursive: true })
}

/** Returns the paths of the files that went into the bundle. */
async function bundle(outdir, entryPoints, external) {
  rmSync(outdir, { recursive: true, force: true })
  const { metafile } = await build({
    entryPoints,
    outdir,
    external,
    bundle: true,
    splitting: true,
    plugins: [asciiWidth],
    platform: 'node',
    format: 'esm',
    target: 'node20.12',
    minifySyntax: true,
    minifyWhitespace: true,
    sourcemap: false,
    metafile: true,
    logLevel: 'warning',
    // CommonJS packages inside an ES module still call `require`.
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
  })
  return Object.keys(metafile.inputs)
}
