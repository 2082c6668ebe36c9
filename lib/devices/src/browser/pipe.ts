import type { Readable, Writable } from 'node:stream'
import type { ConnectionTransport } from 'puppeteer-core'

/** What separates two messages. */
const END = 0

/**
 * The DevTools protocol over the pipes of a browser, in the form that puppeteer's connections take. The caller
 * calls `onclose` when the browser ends.
 *
 * @param input the browser's file descriptor 3
 * @param output its file descriptor 4
 */
export function pipeTransport(input: Writable, output: Readable): ConnectionTransport {
  const transport: ConnectionTransport = {
    send: (message) => void input.write(`${message}\0`),
    close: () => {
      input.destroy()
      output.destroy()
    },
  }
  let begun: Buffer[] = []
  output.on('data', (chunk: Buffer) => {
    let start = 0
    for (let end = chunk.indexOf(END); end >= 0; end = chunk.indexOf(END, start)) {
      const message = Buffer.concat([...begun, chunk.subarray(start, end)]).toString()
      begun = []
      start = end + 1
      // What waits for one message goes on before the next one comes.
      setImmediate(() => transport.onmessage?.(message))
    }
    if (start < chunk.length) begun.push(chunk.subarray(start))
  })
  // The end of the browser, which breaks both pipes, is told apart from this.
  for (const stream of [input, output]) stream.on('error', () => undefined)
  return transport
}
