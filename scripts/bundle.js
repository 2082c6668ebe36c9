// Bundles the tools with esbuild: reading many modules would else take most of their start-up time. Each
// command has a front, `bundle/NAME.cjs`: its options and help. It is a CommonJS module, which Node starts
// sooner than an ES module. What the front loads with `import()`, and what a tool runs, are ES modules
// beside it.
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, relative } from 'node:path'
import { build } from 'esbuild'
import { asciiWidth } from './ascii-width.js'
import { licensesOf } from './licenses.js'
import { required } from './required.js'

/** The tools that measure start programs, which lie beside them in the bundle of leti only. */
const MEASURING = ['device-run', 'farm', 'fusion-probe']

/** What worker threads start with: the code that starts them looks for it beside itself. */
const WORKERS = [
  'tools/featurize/dist/featurize-worker.js',
  'tools/predict/dist/predict-worker.js',
  'tools/train/dist/train-worker.js',
]

const others = readdirSync('tools').filter((name) => name !== 'leti' && !MEASURING.includes(name))
for (const tool of others) await bundleTool(tool)
const page = await bundlePage()
const reportPage = await bundleReportPage()
await bundleLeti([...page, ...reportPage])

/** A tool as the clone has it: what trains networks stays in `lib`. */
async function bundleTool(tool) {
  const external = ['@leti/predictors/neural', '@resvg/resvg-js']
  const programs = WORKERS.filter((path) => path.startsWith(`tools/${tool}/`))
  const named = Object.fromEntries(programs.map((path) => [basename(path, '.js'), path]))
  await bundle(`tools/${tool}/bundle`, { main: `tools/${tool}/dist/main.js` }, named, external)
}

/** The pages that measure in a browser, and a chunk for each runtime. Returns the paths of its sources. */
async function bundlePage() {
  rmSync('lib/devices/dist/page', { recursive: true, force: true })
  const { metafile } = await build({
    entryPoints: [
      { in: 'lib/devices/dist/browser/page.js', out: 'page' },
      { in: 'lib/devices/src/browser/index.html', out: 'index' },
      { in: 'lib/devices/dist/browser/device/main.js', out: 'device' },
      { in: 'lib/devices/src/browser/device/device.html', out: 'device' },
      { in: 'lib/devices/src/browser/device/device.css', out: 'device' },
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

/** The page that `report` writes: a script and a style, which it puts into the file. Returns their sources. */
async function bundleReportPage() {
  const { metafile } = await build({
    entryPoints: [
      { in: 'lib/report/dist/page/main.js', out: 'page' },
      { in: 'lib/report/src/page/page.css', out: 'page' },
    ],
    outdir: 'lib/report/dist/report-page',
    bundle: true,
    platform: 'browser',
    format: 'iife',
    target: 'es2022',
    minify: true,
    metafile: true,
    logLevel: 'error',
  })
  // `lib/report/src/page.ts` looks for them beside the bundle.
  cpSync('lib/report/dist/report-page', 'tools/report/bundle/report-page', { recursive: true })
  return Object.keys(metafile.inputs)
}

/** All tools and libraries in one folder, for use outside the clone: only npm packages stay outside. */
async function bundleLeti(pageSources) {
  const { dependencies, optionalDependencies, publishConfig } = JSON.parse(
    readFileSync('tools/leti/package.json', 'utf8'),
  )
  const named = Object.keys(publishConfig.bin).filter((name) => name !== 'leti')
  const tools = new Set([...named, ...MEASURING])
  const sources = await bundle(
    'tools/leti/bundle',
    {
      main: 'tools/leti/dist/main.js',
      ...Object.fromEntries([...tools].map((tool) => [tool, `tools/${tool}/dist/main.js`])),
    },
    // Programs that run in processes of their own (`lib/devices/src/locations.ts`).
    {
      'targets/node/worker': 'lib/devices/dist/targets/node/worker.js',
      'models/worker': 'lib/devices/dist/models/worker.js',
      ...Object.fromEntries(WORKERS.map((path) => [basename(path, '.js'), path])),
    },
    // The loaders of runtimes in a page, which Node never calls, stay outside too.
    [...Object.keys({ ...dependencies, ...optionalDependencies }), './page.js'],
  )
  writeFileSync('tools/leti/bundle/LICENSES.txt', licensesOf([...sources, ...pageSources]))
  // `lib/devices/src/locations.ts` looks for the page here.
  cpSync('lib/devices/dist/page', 'tools/leti/bundle/page', { recursive: true })
  cpSync('lib/report/dist/report-page', 'tools/leti/bundle/report-page', { recursive: true })
}

/**
 * Bundles commands.
 *
 * @param fronts the modules with which the commands start, by name
 * @param programs other modules to start, by name
 * @returns the paths of the files that went into the bundle
 */
async function bundle(outdir, fronts, programs, external) {
  rmSync(outdir, { recursive: true, force: true })
  const common = {
    outdir,
    external,
    bundle: true,
    platform: 'node',
    target: 'node20.12',
    minifySyntax: true,
    minifyWhitespace: true,
    metafile: true,
    logLevel: 'warning',
  }
  const parts = {}
  const front = await build({
    ...common,
    entryPoints: fronts,
    format: 'cjs',
    outExtension: { '.js': '.cjs' },
    plugins: [asciiWidth, apart(parts)],
    define: { 'import.meta.url': '__url' },
    banner: { js: "const __url = require('node:url').pathToFileURL(__filename).href;" },
  })
  const rest = await build({
    ...common,
    entryPoints: { ...parts, ...programs },
    format: 'esm',
    splitting: true,
    plugins: [asciiWidth, required],
    // CommonJS packages inside an ES module still call `require`.
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
  })
  return [...Object.keys(front.metafile.inputs), ...Object.keys(rest.metafile.inputs)]
}

/**
 * A plugin of esbuild: what a front loads with `import()` stays outside of it, and is added to `parts`.
 * The tools that `leti` loads are fronts too: they stay inside.
 */
function apart(parts) {
  const SEEN = 'seen'
  return {
    name: 'apart',
    setup({ onResolve, resolve }) {
      onResolve({ filter: /./ }, async ({ path, kind, resolveDir, importer, pluginData }) => {
        if (kind !== 'dynamic-import' || pluginData === SEEN) return undefined
        const found = await resolve(path, { kind, resolveDir, importer, pluginData: SEEN })
        if (found.external || found.errors.length || /dist.tool[.]js$/.test(found.path))
          return found
        const name = partName(found.path)
        parts[name] = found.path
        return { path: `./${name}.js`, external: true }
      })
    },
  }
}

/** Such as `train-run` of tools/train/dist/run.js, and `cli-progress` of a module of that package. */
function partName(path) {
  const [, folder, file] = /^(?:lib|tools).(.+).dist.(.+)[.]js$/.exec(relative('', path)) ?? []
  return folder ? `${folder}-${file}`.replaceAll(/\W/g, '-') : basename(path, '.js')
}
