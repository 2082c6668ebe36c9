import { numberOption } from '@leti/pipe'

/** The options that name networks instead of records. */
export const zooOptions = {
  zoo: {
    type: 'string',
    requiresArg: true,
    describe: 'Networks of the zoo by name, instead of records: NAME[,NAME], or all',
  },
  ncnn: {
    type: 'string',
    requiresArg: true,
    describe:
      "Networks of ncnn's benchmark by ncnn's name, instead of records: NAME[,NAME], or all",
  },
  resolution: numberOption('resolution', "Height and width of the zoo's images, in pixels", {
    min: 1,
    integer: true,
  }),
  width: numberOption('width', "Width multiplier of the zoo's networks (default: 1)", {
    min: 0,
  }),
  'num-labels': numberOption(
    'num-labels',
    "Number of classes of the zoo's networks (default: 1000)",
    { min: 1, integer: true },
  ),
} as const
