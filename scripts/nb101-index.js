// Makes the index of NAS-Bench-101 beside its sampler, unless the right one is there. The space is
// checked against the public digest before it is written.
import { fileURLToPath } from 'node:url'
import {
  buildCells,
  PUBLIC_DIGEST,
  publicDigest,
  readIndex,
  writeIndex,
} from '../lib/spaces/dist/index.js'

const path = fileURLToPath(new URL('../tools/nb101-sample/build/nb101.index', import.meta.url))

try {
  readIndex(path)
} catch {
  const cells = await buildCells()
  if (publicDigest(cells) !== PUBLIC_DIGEST) throw new Error('the space is not NAS-Bench-101')
  writeIndex(path, cells)
}
