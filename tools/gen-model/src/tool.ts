import { FORMATS, WEIGHT_TYPES } from '@leti/formats/names'
import { choiceOption, defaultedNumberOption, defineTool, SEED_RANGE } from '@leti/pipe'
import { inputShapeOption } from './input-shape.js'
import { zooOptions } from './zoo-options.js'

const options = {
  ...zooOptions,
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
    describe: 'Folder to write to, one subfolder per model; without it, no files are written',
  },
  from: {
    type: 'string',
    requiresArg: true,
    describe:
      'Your own model files, instead of records: .tflite, .onnx, model.json of tfjs; - for a list on stdin',
    coerce: (value: string | undefined) => value?.split(','),
  },
  ...inputShapeOption,
  weights: choiceOption(
    'weights',
    `How --out stores the weights: ${WEIGHT_TYPES.join(', ')}`,
    WEIGHT_TYPES,
    'float32',
  ),
  seed: defaultedNumberOption('seed', 'Seed of the weights', 0, SEED_RANGE),
} as const

export const tool = defineTool({
  name: 'gen-model',
  summary: 'Generates the networks of architectures, as model files with seeded weights.',
  reads: 'id, arch; nothing with --zoo, --ncnn or --from',
  writes:
    'id and arch with --zoo, --ncnn or --from; model: format, parameters and macs of the network as ' +
    'written, executed_parameters and executed_macs if a converter leaves less, and with --out path, ' +
    'sha256 and bytes',
  examples: [
    ['nb101-sample -n 10 | gen-model --out models > models.ndjson', 'Ten models as files'],
    [
      'nb101-sample -n 10 | gen-model --format tflite --weights float16 --out models',
      'For TFLite, with weights in half precision',
    ],
    [
      'gen-model --from mynet.onnx | featurize | predict --predictor pixel.json',
      "Your own network on a phone that you don't have",
    ],
    ['ls nets/*.tflite | gen-model --from -', 'Many files of your own'],
    [
      'gen-model --from open.onnx --input-shape x:1,3,224,224',
      'A file that leaves the size of its image open',
    ],
    [
      "nb101-sample --all | gen-model | jq '.model.macs'",
      'Multiply-accumulates of every NAS-Bench-101 network',
    ],
    ['gen-model --zoo mobilenet_v2 --width 0.5 --resolution 160 --out models', 'A popular network'],
    [
      "gen-model --zoo all | jq -c '[.id, .model.parameters, .model.macs]'",
      'All networks of the zoo',
    ],
    [
      'gen-model --ncnn squeezenet,resnet18',
      "Networks of published tables, as in ncnn's benchmark",
    ],
  ],
  options,
  takesFiles: true,
  run: async (options, io) => (await import('./run.js')).run(options, io),
})
