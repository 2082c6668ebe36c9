import { expect, test } from 'vitest'
import { TARGETS } from '../registry.js'
import { nodeOffers } from './offers.js'
import { RUNTIMES } from './registry.js'

const OFFERED = Object.entries(TARGETS).flatMap(([target, { runtimes }]) =>
  Object.entries(runtimes).flatMap(([runtime, backends]) =>
    backends.map((backend): [string, string, string] => [target, runtime, backend]),
  ),
)

test.each(OFFERED)(
  '%s with %s %s is checked against another implementation, which node offers',
  (_target, runtime, backend) => {
    const references = RUNTIMES[runtime].references(backend)
    expect(references.length).toBeGreaterThan(0)
    expect(references).not.toContainEqual({ runtime, backend })
    for (const one of references) expect(nodeOffers()[one.runtime]).toContain(one.backend)
  },
)

test('a phone offers the same backends in its browser as a desktop, the GPU first', () => {
  expect(TARGETS.chromium.runtimes).toEqual({
    tfjs: ['wasm', 'webgl', 'webgpu', 'cpu'],
    litert: ['wasm', 'webgpu'],
  })
  expect(TARGETS['android-chrome'].runtimes).toEqual({
    tfjs: ['webgpu', 'webgl', 'wasm', 'cpu'],
    litert: ['webgpu', 'wasm'],
  })
})

test.each(Object.entries(RUNTIMES))(
  '%s starts where it says that it runs',
  async (_name, runtime) => {
    if (runtime.node) expect(await runtime.node.load()).toHaveProperty('start')
  },
)
