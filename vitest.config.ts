import { defineConfig } from 'vitest/config'

export default defineConfig({
  // The libraries are tested from their sources: no build stands between an edit and its test.
  ssr: { resolve: { conditions: ['development'] } },
  test: {
    include: ['lib/*/src/**/*.test.ts', 'tools/*/src/**/*.test.ts', 'test/**/*.test.ts'],
    testTimeout: 30_000,
    reporters: ['default', './scripts/count-reporter.js'],
    // Tests measure and start browsers: more at once than there are cores only makes them slower.
    maxWorkers: 2,
  },
})
