import { defineConfig } from 'vitest/config'

export default defineConfig({
  // The condition `development` resolves our packages to their sources, so tests need no build.
  ssr: { resolve: { conditions: ['development'] } },
  test: {
    include: ['lib/*/src/**/*.test.ts', 'tools/*/src/**/*.test.ts', 'test/**/*.test.ts'],
    setupFiles: ['test/lock-scope.ts'],
    // Long, because tests run whole pipes with browsers and emulated phones, also on slow machines.
    testTimeout: 120_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 30_000 } },
    reporters: ['default', './scripts/count-reporter.js'],
    // Tests measure and start browsers: more of them than cores would slow each other down.
    maxWorkers: 3,
  },
})
