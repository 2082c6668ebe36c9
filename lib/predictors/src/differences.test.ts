import type { LetiRecord } from '@leti/records'
import { describe, expect, it, test } from 'vitest'
import { Differences } from './differences.js'
import { OtherMachines } from './trained-on.js'

const MEASUREMENT = { device: 'mine', latency_ms: { median: 1 } }

function differences(...all: readonly Partial<LetiRecord>[]) {
  const seen = new Differences()
  all.forEach((record, i) => seen.add({ id: `net-${i}`, ...record }))
  return seen.list()
}

const measured = (members: object) => ({ measurement: { ...MEASUREMENT, ...members } })
const on = (environment: object) => measured({ environment })

describe('Differences', () => {
  it('says which member differs, with its values, their counts and first records', () => {
    const [a, b] = [on({ cpu: 'a' }), on({ cpu: 'b' })]
    expect(differences(a, b, a, b, b)).toEqual([
      {
        member: 'environment.cpu',
        isVersion: false,
        text: 'environment.cpu is "a" in 2 records (first: net-0) and "b" in 3 (first: net-1)',
      },
    ])
  })

  it.each([
    ['target', measured({ target: 'node' }), measured({ target: 'chromium' })],
    ['threads', measured({ threads: 1 }), measured({ threads: 4 })],
    ['batch', measured({ batch: 1 }), measured({ batch: 8 })],
    ['runtime', measured({ runtime: 'tfjs@4.22.0' }), measured({ runtime: 'litert@4.22.0' })],
    ['environment.model', on({ model: 'Pixel 3' }), on({ model: 'Pixel 4' })],
    ['environment.os', on({ os: 'Linux 6.18' }), on({ os: 'Darwin 24.1' })],
    ['environment.browser', on({ browser: 'Chrome/156.0' }), on({ browser: 'Firefox/156.0' })],
    ['environment.gpu', on({ gpu: 'Adreno 506' }), on({ gpu: 'Adreno 612' })],
    [
      'model.weights',
      { model: { format: 'tflite' } },
      { model: { format: 'tflite', weights: 'int8' } },
    ],
  ])('another %s is another machine or setting', (member, a, b) => {
    expect(differences(a, b)).toEqual([expect.objectContaining({ member, isVersion: false })])
  })

  it.each([
    ['runtime', measured({ runtime: 'tfjs@4.22.0' }), measured({ runtime: 'tfjs@4.23.0' })],
    ['environment.os', on({ os: 'Linux 6.18.44-v1' }), on({ os: 'Linux 6.18.44-v2' })],
    ['environment.browser', on({ browser: 'Chrome/156.0.1' }), on({ browser: 'Chrome/157.0' })],
    ['environment.node', on({ node: '20.20.2' }), on({ node: '22.1.0' })],
    [
      'environment.gpu',
      on({ gpu: 'RTX 3080, OpenGL 4.5.0' }),
      on({ gpu: 'RTX 3080, OpenGL 4.6.0' }),
    ],
  ])('another version of %s is a version', (member, a, b) => {
    expect(differences(a, b)).toEqual([expect.objectContaining({ member, isVersion: true })])
  })

  test('what a record does not state, and what changes from run to run, tells nothing apart', () => {
    expect(differences(on({ cpu: 'a' }), measured({}))).toEqual([])
    const [cool, warm] = [
      { battery_temperature_before_c: 20 },
      { battery_temperature_before_c: 30 },
    ]
    expect(differences(on(cool), on(warm))).toEqual([])
  })
})

test('OtherMachines counts measurements of another machine than the one that was trained on', () => {
  const others = new OtherMachines()
  const trained_on = { device: 'mine', threads: 1, environment: { cpu: 'a', os: 'Linux 6.18' } }
  const prediction = { latency_ms: 1, predictor: 'p', trained_on }
  const add = (id: string, members: object) => others.add({ id, ...measured(members), prediction })
  add('same', { threads: 1, environment: { cpu: 'a', os: 'Linux 6.19' } })
  add('unstated', {})
  expect(others.list()).toEqual([])
  add('first', { environment: { cpu: 'b' } })
  add('second', { environment: { cpu: 'b' } })
  others.add({
    id: 'of an old predictor',
    ...on({ cpu: 'b' }),
    prediction: { latency_ms: 1, predictor: 'p' },
  })
  expect(others.list()).toEqual([
    'environment.cpu is "b", and "a" where the predictor was trained: 2 records (first: first)',
  ])
})
