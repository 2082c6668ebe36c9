import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { parseMapping } from './columns.js'
import { safeId } from './safe-id.js'
import type { Source } from './source.js'
import { aiHub } from './sources/ai-hub.js'
import { benchmarkModel } from './sources/benchmark-model.js'
import { csvOf } from './sources/csv.js'
import { ncnn } from './sources/ncnn.js'

const FIXTURES = '../../../lib/devices/src/targets/android-tflite/fixtures/'

function read(source: Source, text: string, { name = 'file', folder = 'models' } = {}) {
  const failures: string[] = []
  const fail = (place: string, message: string) => failures.push(`${place}: ${message}`)
  const found = [...source({ name, folder, text, fail })]
  return {
    records: found.map(({ record }) => record),
    places: found.map(({ place }) => place),
    failures,
  }
}

describe('benchmark_model', () => {
  const output = (name: string) =>
    readFileSync(fileURLToPath(new URL(FIXTURES + name, import.meta.url)), 'utf8')

  test('gives one record with what the tool says', () => {
    expect(read(benchmarkModel, output('interpreter-gpu.txt')).records).toEqual([
      {
        id: 'denoising_32bit',
        measurement: {
          runtime: 'benchmark_model',
          backend: 'gpu',
          threads: 4,
          latency_ms: {
            median: 119.375,
            median_is: 'mean',
            mean: 119.375,
            std: 1.948,
            min: 113.737,
            count: 50,
          },
          load_ms: 870.557,
          delegation: { full: true },
        },
      },
    ])
  })

  test('says no backend where the output says none, and takes the name of the file', () => {
    const { records } = read(benchmarkModel, output('compiled-model-gpu.txt'), {
      name: 'runs/my net.txt',
    })
    expect(records).toMatchObject([{ id: safeId('my net'), measurement: { load_ms: 23744.73 } }])
    expect(records[0]).not.toHaveProperty('measurement.backend')
  })

  test('keeps the kernels of a profile', () => {
    const [record] = read(benchmarkModel, output('interpreter-profile.txt')).records
    expect(record).toMatchObject({ measurement: { backend: 'cpu' } })
    expect(record).toHaveProperty('measurement.kernels.0', { name: 'CONV_2D', ms: 60.957 })
    expect(record).toHaveProperty('measurement.kernels.length', 31)
  })
})

// Lines of Tencent/ncnn, benchmark/README.md.
const NCNN = `### AMD Ryzen Threadripper 3970X (Zen2 3.7 GHz ~ 4.5 GHz x 32)
loop_count = 10
num_threads = 1
powersave = 0
gpu_device = -1
cooling_down = 0
          squeezenet  min =   11.73  max =   11.88  avg =   11.78
     squeezenet_int8  min =   47.10  max =   47.75  avg =   47.21
               vgg16  min =  217.19  max =  218.40  avg =
### NVIDIA Quadro RTX 8000 (TU102 SM x 72 + Tensor Core x 576)
[0 Quadro RTX 8000]  queueC=2[8]  queueG=0[16]  queueT=1[2]
[1 Quadro RTX 8000]  queueC=2[8]  queueG=0[16]  queueT=1[2]
loop_count = 256
num_threads = 1
gpu_device = 1
            resnet18  min =    1.27  max =   10.56  avg =    1.56
`

test('ncnn: boards, settings and networks, and the line that is cut', () => {
  const { records, places, failures } = read(ncnn, NCNN, { name: 'README.md' })
  expect(records).toEqual([
    {
      id: 'ncnn-squeezenet',
      arch: { space: 'ncnn', name: 'squeezenet' },
      measurement: {
        device: expect.stringMatching(/^amd-ryzen-threadripper-3970x-[0-9a-f]{4}$/) as string,
        target: 'ncnn',
        runtime: 'ncnn',
        backend: 'cpu',
        threads: 1,
        latency_ms: { mean: 11.78, min: 11.73, count: 10 },
        environment: {
          soc: 'AMD Ryzen Threadripper 3970X (Zen2 3.7 GHz ~ 4.5 GHz x 32)',
          powersave: 0,
        },
      },
    },
    expect.objectContaining({ id: 'ncnn-squeezenet_int8' }),
    {
      id: 'ncnn-resnet18',
      arch: { space: 'ncnn', name: 'resnet18' },
      measurement: {
        device: expect.stringMatching(/^nvidia-quadro-rtx-8000-/) as string,
        target: 'ncnn',
        runtime: 'ncnn',
        backend: 'vulkan',
        threads: 1,
        latency_ms: { mean: 1.56, min: 1.27, count: 256 },
        environment: {
          soc: 'NVIDIA Quadro RTX 8000 (TU102 SM x 72 + Tensor Core x 576)',
          gpu: 'Quadro RTX 8000',
        },
      },
    },
  ])
  expect(records[1]).not.toHaveProperty('arch')
  expect(places).toEqual(['README.md:7', 'README.md:8', 'README.md:16'])
  expect(failures).toEqual(['README.md:9: not a line of results: skipped'])
})

// Entries of quic/ai-hub-models, convnext_tiny/perf.yaml (2026) and beit/perf.yaml (2025-03).
const RECENT = `precisions:
  w8a16:
    components:
      ConvNext-Tiny:
        performance_metrics:
          Dragonwing Q-6690 MTP:
            onnx:
              job_status: Passed
              inference_time_milliseconds: 245.109
              estimated_peak_memory_range_mb: { min: 58, max: 73 }
              primary_compute_unit: CPU
              layer_counts: { total: 679, cpu: 679 }
              tool_versions: { onnx_runtime: 1.23.0 }
            qnn_dlc:
              job_status: Failed
`
const EARLIER = `models:
- name: Beit
  performance_metrics:
  - torchscript_onnx_tflite:
      inference_time: 17536.0
      estimated_peak_memory_range: { min: 16384, max: 24610360 }
      primary_compute_unit: NPU
      precision: fp16
      layer_info: { layers_on_npu: 557, layers_on_gpu: 0, layers_on_cpu: 0, total_layers: 557 }
    torchscript_onnx:
      inference_time: 'null'
      primary_compute_unit: 'null'
    reference_device_info:
      name: Samsung Galaxy S23
      os: '13'
      os_name: Android
      chipset: Snapdragon® 8 Gen 2
    timestamp: '2025-03-11T09:06:44Z'
`

describe('AI Hub', () => {
  test('reads the recent form', () => {
    const { records, failures } = read(aiHub, RECENT)
    expect(records).toEqual([
      {
        id: 'ConvNext-Tiny-w8a16',
        measurement: {
          device: 'Dragonwing Q-6690 MTP',
          target: 'ai-hub',
          runtime: 'onnx@1.23.0',
          backend: 'cpu',
          latency_ms: { median: 245.109 },
          peak_memory_bytes: 73 * 2 ** 20,
          environment: { precision: 'w8a16' },
        },
      },
    ])
    expect(failures).toEqual(['file: 1 entries have no inference time: skipped'])
  })

  test('reads the earlier form, which has microseconds and bytes', () => {
    const { records, failures } = read(aiHub, EARLIER)
    expect(records).toEqual([
      {
        id: 'Beit-fp16',
        measurement: {
          device: 'Samsung Galaxy S23',
          target: 'ai-hub',
          runtime: 'onnx_tflite',
          backend: 'npu',
          latency_ms: { median: 17.536 },
          peak_memory_bytes: 24610360,
          delegation: { full: true, delegated_nodes: 557, total_nodes: 557 },
          started_at: '2025-03-11T09:06:44Z',
          environment: { precision: 'fp16', os: 'Android 13', soc: 'Snapdragon® 8 Gen 2' },
        },
      },
    ])
    expect(failures).toHaveLength(1)
  })

  test('names the part of a model after the folder: many models have an encoder', () => {
    const part = (name: string) => `      ${name}:
        performance_metrics:
          Samsung Galaxy S25:
            voice_ai: { inference_time_milliseconds: 2, tool_versions: { qairt: 2.50.0, litert: 1.4.0 } }
`
    const text = `precisions:\n  float:\n    components:\n`
    const { records } = read(aiHub, text + part('encoder') + part('decoder'), {
      folder: 'melotts_en',
    })
    expect(records).toMatchObject([
      {
        id: 'melotts_en-encoder',
        measurement: { runtime: 'voice_ai@2.50.0', environment: { litert: '1.4.0' } },
      },
      { id: 'melotts_en-decoder' },
    ])
    expect(read(aiHub, text + part('encoder')).records).toMatchObject([{ id: 'encoder' }])
  })

  test('refuses another document', () => {
    expect(() => read(aiHub, 'a: 1')).toThrow('not a perf.yaml')
  })
})

describe('CSV', () => {
  const columns = (text: string) => csvOf(parseMapping('--columns', text))

  test('maps columns to members, in their units', () => {
    const table = 'arch,"lat, us",n,mem\n"[1, 2]",3500,x/1,\n"|a~0|",4000,x 1,5\n'
    const mapping = 'id=n,arch.ops=arch,latency_us=lat, us'
    expect(() => columns(mapping)).toThrow('" us" is not MEMBER=NAME')
    const { records } = read(columns('id=n,arch.ops=arch,peak_memory_bytes=mem'), table)
    expect(records).toEqual([
      { id: safeId('x/1'), arch: { ops: [1, 2] } },
      { id: safeId('x 1'), arch: { ops: '|a~0|' }, measurement: { peak_memory_bytes: 5 } },
    ])
    expect(safeId('x/1')).not.toBe(safeId('x 1'))
    const { records: timed } = read(columns('id=n,latency_us=lat'), 'n,lat\na,3500\n')
    expect(timed).toEqual([{ id: 'a', measurement: { latency_ms: { median: 3.5 } } }])
  })

  test('names the line of a wrong number, and goes on', () => {
    const { records, failures } = read(columns('id=n,latency_ms=lat'), 'n,lat\na,fast\nb,2\n')
    expect(records).toHaveLength(1)
    expect(failures).toEqual(['file:2: latency_ms is "fast", which is no number'])
  })

  test('refuses unknown members and columns', () => {
    expect(() => columns('latency=lat')).toThrow('unknown member "latency"; known: id, latency_ms')
    expect(() => read(columns('id=no'), 'n,lat\na,1\n')).toThrow('no column "no"; it has n, lat')
    expect(() => columns('__proto__.x=n')).toThrow('unknown member')
  })
})
