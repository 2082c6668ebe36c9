import { describe, expect, test } from 'vitest'
import { records, shell } from './run.js'

describe('gen-model --zoo', () => {
  test('writes networks of the requested resolution and width', async () => {
    const { code, stdout } = await shell(
      'gen-model --zoo mobilenet_v2,shufflenet_v2 --width 0.5 --resolution 160',
    )
    expect(code).toBe(0)
    expect(records(stdout)).toMatchObject([
      {
        id: 'zoo-mobilenet_v2-160-0.5',
        arch: { space: 'zoo', name: 'mobilenet_v2', resolution: 160, width: 0.5 },
        model: { format: 'tfjs', parameters: 1_968_680 },
      },
      { id: 'zoo-shufflenet_v2-160-0.5', model: { parameters: 1_366_792 } },
    ])
  })

  test('all networks are records that featurize reads', async () => {
    const { code, stdout } = await shell('gen-model --zoo all | featurize --set proxies')
    expect(code).toBe(0)
    const all = records(stdout)
    expect(all.length).toBeGreaterThan(40)
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length)
    for (const { features, model } of all) {
      expect(features?.macs).toBe(model?.macs)
    }
  })

  test("--ncnn names networks as tables of ncnn's benchmark do", async () => {
    const { code, stdout } = await shell('gen-model --ncnn squeezenet,vgg16 | featurize')
    expect(code).toBe(0)
    expect(records(stdout)).toMatchObject([
      { id: 'ncnn-squeezenet', arch: { space: 'ncnn', name: 'squeezenet' } },
      { id: 'ncnn-vgg16', features: { macs: 15_470_264_320 } },
    ])
    const { stdout: all } = await shell('gen-model --ncnn all')
    expect(records(all)).toHaveLength(13)
  })

  test('a device runs its networks', async () => {
    const { code, stdout } = await shell(
      'gen-model --zoo mobilenet_v1 --width 0.25 --resolution 64 | device-run -d node --max-seconds 1',
    )
    expect(code).toBe(0)
    const [{ measurement }] = records(stdout)
    expect(measurement).toMatchObject({ verified: true, target: 'node' })
  })

  test.each([
    ['--zoo resnet19', /unknown network "resnet19"; known: alexnet, .*deit_tiny/],
    ['--zoo vgg16 --resolution 128', /vgg16 has no resolution 128: it takes 224 only/],
    ['--zoo resnet18 --width 0.5', /resnet18 has no width 0.5: it has 1/],
    ['--zoo resnet18 --resolution big', /--resolution takes a whole number/],
    ['--zoo resnet18 README.md', /--zoo and --ncnn take no files/],
    ['--ncnn blazeface', /unknown network of ncnn "blazeface"; known: squeezenet, /],
    ['--ncnn squeezenet --width 1', /--resolution, --width and --num-labels require --zoo/],
    ['--ncnn squeezenet --zoo resnet18', /--from, --zoo and --ncnn exclude each other/],
    ['--width 1', /--resolution, --width and --num-labels require --zoo/],
  ])('%s is wrong usage', async (args, message) => {
    const { code, stdout, stderr } = await shell(`gen-model ${args}`)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(message)
    expect(stderr.trim().split('\n')).toHaveLength(1)
  })
})
