/** Limit on the length of a line, so that a stream without line ends does not fill the memory. */
const MAX_LINE_BYTES = 1 << 28

const NEWLINE = 0x0a

/**
 * Splits bytes into lines and yields all that a chunk ends at once. The time is linear in the bytes, also
 * of a line of many chunks.
 *
 * @throws {RangeError} if a line is too long
 */
export async function* splitLines(source: AsyncIterable<Buffer>): AsyncGenerator<string[]> {
  let begun: Buffer[] = []
  let length = 0
  for await (const chunk of source) {
    const end = chunk.lastIndexOf(NEWLINE)
    if (end >= 0) {
      yield linesIn([...begun, chunk.subarray(0, end)])
      begun = []
      length = 0
    }
    begun.push(chunk.subarray(end + 1))
    length += chunk.length - (end + 1)
    if (length > MAX_LINE_BYTES)
      throw new RangeError(`a line is longer than ${MAX_LINE_BYTES} bytes`)
  }
  if (length) yield linesIn(begun)
}

function linesIn(chunks: readonly Buffer[]): string[] {
  const text = (chunks.length === 1 ? chunks[0] : Buffer.concat(chunks)).toString()
  const lines = text.split('\n')
  if (!text.includes('\r')) return lines
  return lines.map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line))
}
