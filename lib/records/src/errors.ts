/**
 * Every way in which LETI's tools fail, in one table: the code that a record's `error.code` carries,
 * and what it means.
 */
export const ERROR_CODES = {
  usage: 'wrong options, configuration or device; nothing was done (exit code 2)',
  'bad-input': 'a line that is not a LETI record',
  'bad-arch': 'the architecture is not one of its search space',
  'bad-model': 'the model file is damaged, or none of its format',
  unsupported: 'a valid network that this tool cannot handle',
  'model-failed': 'the device could not load or run the model',
  timeout: 'the record took longer than --timeout',
  'partial-delegation': 'a part of the model did not run on the delegate, and all had to',
  'wrong-output': 'the device computed a wrong answer',
  'device-crashed': 'the device or its runtime died while it ran the model',
  'device-lost': 'the device could not be reached again',
  'missing-feature': 'the predictor needs a feature that the record lacks',
  'out-of-domain': 'the predictor was trained on nothing like this network',
} as const

export type ErrorCode = keyof typeof ERROR_CODES

/** The one error type of LETI: a code from the table and a message of one line. */
export class LetiError extends Error {
  override readonly name = 'LetiError'

  constructor(
    readonly code: ErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options)
  }
}

/**
 * The LETI error that `error` is, or undefined. It goes by the name, since a bundled tool and an
 * unbundled library each hold a class of their own.
 */
export function asLetiError(error: unknown): LetiError | undefined {
  return isLetiError(error) ? error : undefined
}

function isLetiError(error: unknown): error is LetiError {
  return error instanceof Error && error.name === 'LetiError'
}

/** The first line of whatever was thrown. */
export function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message || error.name : String(error)
  return text.split('\n', 1)[0].trim()
}
