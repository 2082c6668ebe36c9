import { defaultedNumberOption, defineTool } from '@leti/pipe'

export const tool = defineTool({
  name: 'fusion-probe',
  summary: 'Finds out which pairs of operators a device fuses into one kernel.',
  reads: 'nothing',
  writes: 'one JSON document (no records), for featurize --fusion',
  examples: [
    [
      'fusion-probe --device node > rules.json',
      'The pairs that occur in popular networks, on this CPU',
    ],
    ['fusion-probe -d node --pairs conv2d+relu,add+relu | jq .pairs', 'Two pairs only'],
  ],
  options: {
    device: {
      type: 'string',
      alias: 'd',
      requiresArg: true,
      describe: 'Device to measure on; node and chromium need no definition',
    },
    devices: {
      type: 'string',
      requiresArg: true,
      describe:
        "File that defines devices [default: ./devices.yaml, else the one in the user's config directory]",
    },
    runtime: {
      type: 'string',
      requiresArg: true,
      describe: "Runtime, instead of the device's own",
    },
    backend: {
      type: 'string',
      requiresArg: true,
      describe: "Backend, instead of the device's own",
    },
    pairs: {
      type: 'string',
      requiresArg: true,
      describe: 'Pairs to test, such as conv2d+relu,conv2d+elu [default: those of the zoo]',
    },
    alpha: defaultedNumberOption(
      'alpha',
      "Share of the faster operator's time that fusion must save",
      0.5,
      { min: 0, max: 1 },
    ),
    'max-seconds': defaultedNumberOption(
      'max-seconds',
      'Longest time to repeat one network, in seconds',
      0.2,
      {
        min: 0,
      },
    ),
    timeout: defaultedNumberOption(
      'timeout',
      'Longest time for one network, in seconds; then its pair fails',
      120,
      {
        min: 0.001,
      },
    ),
    lock: {
      type: 'boolean',
      default: true,
      describe: 'Wait while another run measures on the same machine; --no-lock turns it off',
    },
  },
  takesFiles: false,
  run: async (options, io) => (await import('./run.js')).run(options, io),
})
