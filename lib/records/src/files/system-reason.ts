import { messageOf } from '../errors.js'

/** Node's messages of system errors: `ENOENT: no such file or directory, open 'a.json'`. */
const MESSAGE = /^[A-Z][A-Z0-9]+: (?<reason>[^,]+), \w+/

/** Why the system refused a file, without the file's name: `no such file or directory`. */
export function systemReason(error: unknown): string {
  if ((error as NodeJS.ErrnoException | undefined)?.code === 'EISDIR') return 'it is a folder'
  const message = messageOf(error)
  return MESSAGE.exec(message)?.groups?.reason ?? message
}
