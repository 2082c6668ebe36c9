import { LetiError, messageOf } from './errors.js'

/**
 * Parses JSON. The error names no more than the position: V8's own message quotes the text, which may be a
 * file that was not meant to be shown.
 *
 * @throws {LetiError} `bad-input`
 */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new LetiError('bad-input', `not JSON: ${problemIn(messageOf(error))}`)
  }
}

function problemIn(message: string): string {
  if (message === 'Unexpected end of JSON input') return 'it ends too early'
  const position = / in JSON at position (\d+)/.exec(message)?.[1]
  return position === undefined
    ? 'unexpected character'
    : `error at character ${Number(position) + 1}`
}
