import { visible } from '@leti/records'

/** Limit on the text that waits for the reader of stderr: a slow one must not cost memory or time. */
const MAX_WAITING_BYTES = 1 << 20

/** Limit on a line: a message may quote a name of any length. */
const MAX_LINE_CHARACTERS = 4000

/** Erases the line of the terminal from its start. */
const ERASE = '\r\u001b[K'

let dropped = 0
let isShared = false

/** Whether the last line of the terminal shows progress, which messages replace until it is drawn again. */
export function shareLine(value: boolean): void {
  isShared = value
}

/** Writes one line to stderr. This is the only way to it; whatever steers a terminal is escaped. */
export function say(line: string): void {
  const text = visible(line)
  send(text.length > MAX_LINE_CHARACTERS ? `${text.slice(0, MAX_LINE_CHARACTERS)} ...` : text)
}

/** Writes text of several lines, such as a table. */
export function sayLines(text: string): void {
  for (const line of text.split('\n')) say(line)
}

/** Writes where an error was thrown. */
export function sayTrace(thrown: unknown): void {
  sayLines(thrown instanceof Error ? String(thrown.stack) : String(thrown))
}

function send(line: string): void {
  const { stderr } = process
  if (stderr.writableLength <= MAX_WAITING_BYTES) stderr.write(`${isShared ? ERASE : ''}${line}\n`)
  else if (dropped++ === 0) stderr.once('drain', sayDropped)
}

function sayDropped(): void {
  const count = dropped
  dropped = 0
  say(`(${count} more lines: the reader of stderr was too slow for them)`)
}
