import { expect, test } from 'vitest'
import { jobId, type FarmJob } from './job.js'

const protocol = {
  precision: 0.02,
  max_seconds: 10,
  timeout: 120,
  verify: true,
  samples: false,
  full_delegation: false,
}
const job: FarmJob = { record: { id: 'a', arch: { space: 'x', n: 1 } }, protocol, visit: 1 }

test('the id of a job is one that BullMQ takes', () => {
  expect(jobId('a:b', job)).toMatch(/^j[\w-]{22}$/)
})

test('a job is another one for another device, protocol, visit or network', () => {
  const others: [string, FarmJob][] = [
    ['one', job],
    ['two', job],
    ['one', { ...job, visit: 2 }],
    ['one', { ...job, protocol: { ...protocol, timeout: 60 } }],
    ['one', { ...job, record: { ...job.record, id: 'b' } }],
    ['one', { ...job, record: { id: 'a', arch: { space: 'x', n: 2 } } }],
    ['one', { ...job, record: { ...job.record, model: { format: 'tflite', path: 'x' } } }],
  ]
  expect(new Set(others.map(([device, other]) => jobId(device, other))).size).toBe(others.length)
})

test('the order of members, what other tools added and where a model lies do not matter', () => {
  const model = { format: 'tflite', path: '/a/net.tflite', sha256: 'x' }
  const one = { ...job, record: { ...job.record, model } }
  const other = {
    visit: 1,
    protocol,
    record: {
      features: { macs: 1 },
      model: { path: 'net.tflite', sha256: 'x', format: 'tflite' },
      arch: { n: 1, space: 'x' },
      id: 'a',
    },
  }
  expect(jobId('one', one)).toBe(jobId('one', other))
})
