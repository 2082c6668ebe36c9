import { defineConfig } from 'vitest/config'

export default defineConfig({
  // The libraries are tested from their sources: no build stands between an edit and its test.
  ssr: { resolve: { conditions: ['development'] } },
  test: {
    include: ['lib/*/src/**/*.test.ts', 'tools/*/src/**/*.test.ts', 'test/**/*.test.ts'],
    // Generous: whole pipes run, with browsers and phones in them, on whatever machine this is.
    testTimeout: 120_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 30_000 } },
    reporters: ['default', './scripts/count-reporter.js'],
    // Tests measure and start browsers: more at once than there are cores only makes them slower.
    maxWorkers: 2,
  },
})
