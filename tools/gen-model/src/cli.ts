import { describeModel, FORMATS, modelOfRecord, WEIGHT_TYPES, writeModel } from '@leti/formats'
import { choiceOption, defaultedNumberOption, eachRecord, runTool, SEED_RANGE } from '@leti/pipe'
import { fromFiles } from './from.js'

const options = {
  format: choiceOption(
    'format',
    `Format of the model files: ${FORMATS.join(', ')}`,
    FORMATS,
    'tfjs',
  ),
  out: {
    type: 'string',
    alias: 'o',
    requiresArg: true,
    describe:
      'Folder to write to, a folder of its own for each model; without it nothing is written',
  },
  from: {
    type: 'string',
    requiresArg: true,
    describe: 'Model files of your own, in place of records: .tflite, .onnx, model.json of tfjs',
    coerce: (value: string | undefined) => value?.split(','),
  },
  weights: choiceOption(
    'weights',
    `How the weights are stored: ${WEIGHT_TYPES.join(', ')}`,
    WEIGHT_TYPES,
    'float32',
  ),
  seed: defaultedNumberOption('seed', 'Seed of the weights', 0, SEED_RANGE),
} as const

await runTool(import.meta.url, {
  name: 'gen-model',
  summary: 'Generates the networks of architectures, as model files with seeded weights.',
  reads: 'id, arch; with --from no records',
  writes: 'model (path, sha256 and bytes only with --out)',
  examples: [
    ['nb101-sample -n 10 | gen-model --out models > models.ndjson', 'Ten models as files'],
    [
      'nb101-sample -n 10 | gen-model --format tflite --weights float16 --out models',
      'For TFLite, the weights in half precision',
    ],
    ['gen-model --from mynet.onnx,mynet.tflite', 'Networks of your own'],
    [
      "nb101-sample --all | gen-model | jq '.model.macs'",
      'Multiply-accumulates of every NAS-Bench-101 network',
    ],
  ],
  options,
  takesFiles: true,
  run: async ({ format, out, from, weights, seed, files }, io) => {
    if (from) return fromFiles(io, from, { format, out, weightType: weights })
    await eachRecord(io, 'gen-model', files, async (record) => {
      const read = await modelOfRecord(record, seed)
      const model = out
        ? await writeModel(read.network, format, out, read.weights, weights)
        : describeModel(read.network, format)
      return { ...record, model }
    })
  },
})
