/** The error codes of all tools, as a record carries them in `error.code`, with their meanings. */
export const ERROR_CODES = {
  usage: 'wrong options, configuration or device; nothing was done (exit code 2)',
  'bad-input': 'the line is not a valid LETI record',
  'bad-arch': 'the architecture is not in its search space',
  'bad-model': 'the model file is damaged, or has another format',
  'id-taken': 'another model of this id lies where the model is to be written',
  unsupported: 'the network is valid, but this tool cannot handle it',
  'model-failed': 'the device could not load or run the model',
  timeout: 'the record took longer than --timeout',
  'partial-delegation':
    'part of the model did not run on the delegate, although all of it was required to',
  'wrong-output': 'the outputs on the device differ from the CPU reference',
  implausible: 'the device reports a latency that no inference can have there',
  'device-crashed': 'the device or its runtime crashed while it ran the model',
  'device-lost': 'the connection to the device could not be restored',
  'missing-feature': 'the record lacks features or kernels that the tool needs',
  'out-of-domain': 'the network is outside the range that the predictor was trained on',
  system: 'the operating system refused something: the disk is full, a file may not be read, ...',
  internal: 'a bug of LETI; --verbose prints its trace',
} as const

export type ErrorCode = keyof typeof ERROR_CODES

/**
 * The error that all of LETI throws: a code from the table and a message of one line, which says what is
 * wrong, where, and what to do.
 */
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
 * The error if it is a `LetiError`, else `undefined`. Compares names, not classes: a bundled tool and an
 * unbundled library each have their own copy of the class.
 */
export function asLetiError(error: unknown): LetiError | undefined {
  return isLetiError(error) ? error : undefined
}

function isLetiError(error: unknown): error is LetiError {
  return error instanceof Error && error.name === 'LetiError'
}

/** The message of anything that was thrown: all of a `LetiError`'s, else the first line. */
export function messageOf(error: unknown): string {
  if (isLetiError(error)) return error.message
  const text = error instanceof Error ? error.message || error.name : String(error)
  return text.split('\n', 1)[0].trim()
}

/** Whether the operating system refused something, such as a disk that is full. */
export function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error
}

/** Anything that was thrown while one record was processed, as an error of that record. */
export function toLetiError(error: unknown): LetiError {
  if (isLetiError(error)) return error
  const message = messageOf(error)
  if (isSystemError(error)) return new LetiError('system', message, { cause: error })
  return new LetiError('internal', `internal error: ${message}`, { cause: error })
}
