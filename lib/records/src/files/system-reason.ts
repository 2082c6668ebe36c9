import { messageOf } from '../errors.js'

/** Node's messages of system errors: `ENOENT: no such file or directory, open 'a.json'`. */
const MESSAGE = /^[A-Z][A-Z0-9]+: (?<reason>[^,]+), \w+/

/** Why the system refused a file, without the file's name: `no such file or directory`. */
export function systemReason(error: unknown): string {
  const message = messageOf(error)
  return MESSAGE.exec(message)?.groups?.reason ?? message
}

/** Whether the operating system refused something, such as a disk that is full. */
export function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error
}
