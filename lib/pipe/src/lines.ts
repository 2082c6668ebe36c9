/** Limit on the length of a line, so that a stream without line ends does not fill the memory. */
export const MAX_LINE_BYTES = 1 << 28

const NEWLINE = 0x0a

/**
 * Splits bytes into lines and yields all that a chunk ends at once. The time is linear in the bytes, also
 * of a line of many chunks. A line that is too long is skipped: as soon as it is, `undefined` stands for it.
 */
export async function* splitLines(
  source: AsyncIterable<Buffer>,
): AsyncGenerator<(string | undefined)[]> {
  let begun: Buffer[] = []
  let length = 0
  let skipping = false
  for await (let chunk of source) {
    if (skipping) {
      const end = chunk.indexOf(NEWLINE)
      if (end < 0) continue
      skipping = false
      chunk = chunk.subarray(end + 1)
    }
    const end = chunk.lastIndexOf(NEWLINE)
    if (end >= 0) {
      yield linesIn([...begun, chunk.subarray(0, end)])
      begun = []
      length = 0
    }
    begun.push(chunk.subarray(end + 1))
    length += chunk.length - (end + 1)
    if (length > MAX_LINE_BYTES) {
      yield [undefined]
      begun = []
      length = 0
      skipping = true
    }
  }
  if (length) yield linesIn(begun)
}

function linesIn(chunks: readonly Buffer[]): string[] {
  const text = (chunks.length === 1 ? chunks[0] : Buffer.concat(chunks)).toString()
  const lines = text.split('\n')
  if (!text.includes('\r')) return lines
  return lines.map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line))
}
