// The layers of the code, held by lint: `lib/` and `tools/` import without circles, and only downwards.

/** The libraries, from the top: each may import those that come after it. */
const LAYERS = [
  'report',
  'predictors',
  'measurements',
  'farm',
  'devices',
  'features',
  'formats',
  'search',
  'spaces',
  'network',
  'records',
]

const upwards = LAYERS.slice(1).map((layer, index) => ({
  name: `${layer}-imports-downwards`,
  comment: `lib/${layer} imports no layer above it.`,
  severity: 'error',
  from: { path: `^lib/${layer}/` },
  to: { path: `^lib/(${LAYERS.slice(0, index + 1).join('|')})/` },
}))

export default {
  forbidden: [
    {
      name: 'no-circles',
      comment: 'Two files that import each other, types included, cannot be understood one by one.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    ...upwards,
    {
      name: 'pipe-knows-records-only',
      comment: 'lib/pipe knows streams and records, but no networks, devices or predictors.',
      severity: 'error',
      from: { path: '^lib/pipe/' },
      to: { path: '^lib/(?!pipe/|records/)' },
    },
    {
      name: 'libraries-know-no-pipe',
      comment: 'Only tools read and write streams.',
      severity: 'error',
      from: { path: '^lib/(?!pipe/)' },
      to: { path: '^lib/pipe/' },
    },
    {
      name: 'libraries-import-no-tool',
      comment: 'A tool is made of libraries, never the reverse.',
      severity: 'error',
      from: { path: '^lib/' },
      to: { path: '^tools/' },
    },
    {
      name: 'tools-stand-alone',
      comment:
        'Only leti, which runs all tools, imports a tool; what two tools share belongs into lib.',
      severity: 'error',
      from: { path: '^tools/(?!leti/)([^/]+)/' },
      to: { path: '^tools/', pathNot: '^tools/$1/' },
    },
    {
      name: 'tools-start-fast',
      comment:
        'tool.ts says what --help shows. What a tool runs is loaded by import() when it runs: names of ' +
        'choices come from the names.ts of a library.',
      severity: 'error',
      from: { path: '^tools/[^/]+/src/tool[.]ts$' },
      to: {
        path: '^lib/(?!pipe/|records/)',
        pathNot: ['/names[.]ts$', '^lib/devices/src/(runtimes/|usual[.]ts$)'],
        dynamic: false,
      },
    },
    {
      name: 'no-unresolved-imports',
      comment: 'An import that is not found is checked by none of these rules.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    // Imports of types count.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.test.json' },
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['development', 'import', 'node', 'default'],
    },
  },
}
