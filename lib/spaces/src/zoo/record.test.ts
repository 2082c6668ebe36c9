import { expect, test } from 'vitest'
import { networkOf } from '../registry.js'
import { ZOO_NAMES, zooRecord } from './index.js'

test.each([
  ['mobilenet_v2', {}, 'zoo-mobilenet_v2-224-1.0'],
  ['mobilenet_v2', { resolution: 96, width: 0.35 }, 'zoo-mobilenet_v2-96-0.35'],
  ['shufflenet_v2', { width: 2 }, 'zoo-shufflenet_v2-224-2.0'],
  ['inception_v3', {}, 'zoo-inception_v3-299'],
  ['resnet18', { width: 1 }, 'zoo-resnet18-224'],
  ['resnet18', { num_labels: 10 }, 'zoo-resnet18-224-l10'],
  ['mobilenet_v2', { num_labels: 1000 }, 'zoo-mobilenet_v2-224-1.0'],
  ['mobilenet_v2', { width: 0.5, num_labels: 2 }, 'zoo-mobilenet_v2-224-0.5-l2'],
])('%s of %j is %s', (name, options, id) => {
  const record = zooRecord(name, options)
  expect(record.id).toBe(id)
  expect(networkOf(record).written.name).toBe(id)
})

test.each(ZOO_NAMES)('%s has as many logits as classes', (name) => {
  const { nodes, outputs } = networkOf(zooRecord(name, { num_labels: 7 })).written
  expect(outputs.map((output) => nodes[output].shape)).toEqual([[7]])
})

test.each(ZOO_NAMES)('%s has a thousand logits, also at another resolution', (name) => {
  const resolutions = ['alexnet', 'vgg16', 'deit_tiny'].includes(name) ? [224] : [192, 255, 320]
  for (const resolution of resolutions) {
    const { nodes, outputs } = networkOf(zooRecord(name, { resolution })).written
    expect(nodes[0].shape).toEqual([resolution, resolution, 3])
    expect(outputs.map((output) => nodes[output].shape)).toEqual([[1000]])
    expect(new Set(nodes.map((node) => node.name)).size).toBe(nodes.length)
  }
})

test.each([
  [{ name: 'resnet19' }, /unknown network "resnet19"; known: alexnet, vgg16/],
  [{ name: 'constructor' }, /unknown network "constructor"/],
  [{}, /unknown network undefined/],
  [{ name: 'vgg16', resolution: 256 }, /vgg16 has no resolution 256: it takes 224 only/],
  [
    { name: 'resnet18', resolution: 31 },
    /no resolution 31: it takes whole numbers from 32 to 1024/,
  ],
  [{ name: 'resnet18', resolution: 224.5 }, /no resolution 224.5/],
  [{ name: 'resnet18', resolution: 1e9 }, /no resolution 1000000000/],
  [{ name: 'resnet18', resolution: null }, /no resolution null/],
  [{ name: 'resnet18', resolution: '224' }, /no resolution "224"/],
  [{ name: 'resnet18', num_labels: 0 }, /"num_labels" must be a positive whole number/],
  [{ name: 'resnet18', num_labels: '10' }, /"num_labels" must be/],
  [{ name: 'resnet18', width: 0.5 }, /resnet18 has no width 0.5: it has 1$/],
  [
    { name: 'mobilenet_v1', width: 0.3 },
    /mobilenet_v1 has no width 0.3: it has 0.25, 0.5, 0.75, 1/,
  ],
])('%j is refused', (arch, message) => {
  expect(() => networkOf({ id: 'a', arch: { space: 'zoo', ...arch } })).toThrow(message)
})
