/**
 * A plugin of esbuild: ES modules load TensorFlow.js with `require`, not with `import`. Its packages are CommonJS, and before
 * Node imports those, it reads all their megabytes for the names that they export: more than half of a start.
 */
export const required = {
  name: 'required',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^@tensorflow\// }, ({ path, kind }) =>
      kind === 'require-call' ? { path, external: true } : { path, namespace: 'required' },
    )
    onLoad({ filter: /./, namespace: 'required' }, ({ path }) => ({
      contents: `module.exports = require(${JSON.stringify(path)})`,
    }))
  },
}
