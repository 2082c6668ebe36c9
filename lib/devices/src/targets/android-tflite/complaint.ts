import { LetiError } from '@leti/records'

const TELLING =
  /error|fail|fatal|abort|cannot|can't|could not|not found|no such|disallowed|not supported|not accelerated|denied|out of memory/i
/** Lines that say only that something went wrong. */
const EMPTY =
  /Benchmarking failed|Failed to initialize the interpreter$|^(?:Aborted|Killed|Segmentation fault|Bus error)\b/
const LONGEST = 200

/** The most informative line of a failed tool's output, as one clean line of text. */
export function complaintOf(text: string): string {
  const lines = text.split('\n').map(clean).filter(Boolean)
  const telling = lines.filter((line) => TELLING.test(line) && !EMPTY.test(line))
  return (telling.at(-1) ?? lines.at(-1) ?? 'it printed nothing').slice(0, LONGEST)
}

/** The error for output that cannot be parsed. */
export function notUnderstood(text: string): LetiError {
  return new LetiError(
    'model-failed',
    `the benchmark's output is not understood: ${complaintOf(text)}`,
  )
}

function clean(line: string): string {
  // eslint-disable-next-line no-control-regex -- removes control characters that a broken tool prints
  return line.replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ').trim()
}
