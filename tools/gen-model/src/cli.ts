import { describeModel, FORMATS, WEIGHT_TYPES, writeModel } from '@leti/formats'
import { choiceOption, defaultedNumberOption, eachRecord, runTool, SEED_RANGE } from '@leti/pipe'
import { LetiError } from '@leti/records'
import { networkOf } from '@leti/spaces'

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
  weights: choiceOption(
    'weights',
    `How --out stores the weights: ${WEIGHT_TYPES.join(', ')}`,
    WEIGHT_TYPES,
    'float32',
  ),
  seed: defaultedNumberOption('seed', 'Seed of the weights', 0, SEED_RANGE),
} as const

await runTool(import.meta.url, {
  name: 'gen-model',
  summary: 'Generates the networks of architectures, as model files with seeded weights.',
  reads: 'id, arch',
  writes: 'model (path, sha256 and bytes only with --out)',
  examples: [
    ['nb101-sample -n 10 | gen-model --out models > models.ndjson', 'Ten models as files'],
    [
      'nb101-sample -n 10 | gen-model --format tflite --weights float16 --out models',
      'For TFLite, the weights in half precision',
    ],
    [
      "nb101-sample --all | gen-model | jq '.model.macs'",
      'Multiply-accumulates of every NAS-Bench-101 network',
    ],
  ],
  options,
  takesFiles: true,
  run: async ({ format, out, weights, seed, files }, io) => {
    if (!out && weights !== 'float32') {
      throw new LetiError('usage', '--weights: without --out nothing is stored')
    }
    await eachRecord(io, 'gen-model', files, async (record) => {
      const network = networkOf(record)
      const model = out
        ? await writeModel(network, format, out, seed, weights)
        : describeModel(network, format)
      return { ...record, model }
    })
  },
})
