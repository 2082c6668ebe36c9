import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** The tests of whole pipes take minutes, so they start first; the short unit tests fill the end. */
class PipesFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    const isPipe = ({ moduleId }: TestSpecification): boolean => !/[/\\]src[/\\]/.test(moduleId)
    return [...sorted.filter(isPipe), ...sorted.filter((file) => !isPipe(file))]
  }
}

export default defineConfig({
  // The condition `development` resolves our packages to their sources, so tests need no build.
  ssr: { resolve: { conditions: ['development'] } },
  test: {
    setupFiles: ['test/lock-scope.ts'],
    // Long, because tests run whole pipes with browsers and emulated phones, also on slow machines.
    testTimeout: 120_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 30_000 } },
    reporters: ['default', './scripts/count-reporter.js'],
    // Files run side by side. Many tests measure and start browsers, which fills two cores; those of phones
    // mostly wait, so two more files fit.
    maxWorkers: 4,
    sequence: { sequencer: PipesFirst },
    // The files of a project that is not isolated share their modules: to load them takes as long as the tests.
    projects: [
      project('pipes', ['test/**/*.test.ts']),
      project('formats', ['lib/formats/src/**/*.test.ts'], { isolate: false }),
      project('units', ['{lib,tools}/*/src/**/*.test.ts'], {
        isolate: false,
        exclude: ['lib/formats/**'],
      }),
    ],
  },
})

function project(name: string, include: string[], more: object = {}) {
  return { extends: true as const, test: { name, include, ...more } }
}
