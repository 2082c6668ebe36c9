// Replaces the package string-width in the bundles. The tools print ASCII only, and string-width would
// load the Unicode tables of ICU, which doubles the start-up time.

const WIDTH = '(text) => text.length'

/** Packages that use `require` get a module of their own: a shared one would be one more file to load. */
const SOURCES = { require: `module.exports = ${WIDTH}`, import: `export default ${WIDTH}` }

/** A plugin of esbuild. */
export const asciiWidth = {
  name: 'ascii-width',
  setup(build) {
    build.onResolve({ filter: /^string-width$/ }, ({ kind }) => ({
      path: kind === 'require-call' ? 'require' : 'import',
      namespace: 'ascii-width',
    }))
    build.onLoad({ filter: /.*/, namespace: 'ascii-width' }, ({ path }) => ({
      contents: SOURCES[path],
    }))
  },
}
