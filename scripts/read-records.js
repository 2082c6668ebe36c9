import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import ndjson from 'ndjson'

/** The records of a file that LETI's tools wrote; its name ends in `.gz` if it is compressed. */
export async function readRecords(file) {
  const records = []
  await pipeline(
    createReadStream(file),
    ...(file.endsWith('.gz') ? [createGunzip()] : []),
    ndjson.parse(),
    async (parsed) => {
      for await (const record of parsed) records.push(record)
    },
  )
  return records
}
