// Makes the index of NAS-Bench-101 for its sampler, unless a valid one is there, and copies it to
// the other tools that read it and into the package `leti`. The space is checked against the published digest before it is written.
import { cpSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import {
  buildCells,
  PUBLIC_DIGEST,
  publicDigest,
  readIndex,
  writeIndex,
} from '../lib/spaces/dist/index.js'

const path = indexOf('nb101-sample')

try {
  readIndex(path)
} catch {
  const cells = await buildCells()
  if (publicDigest(cells) !== PUBLIC_DIGEST) throw new Error('the space is not NAS-Bench-101')
  writeIndex(path, cells)
}

for (const tool of ['nb101-accuracy', 'search', 'leti']) cpSync(path, indexOf(tool))

function indexOf(tool) {
  return fileURLToPath(new URL(`../tools/${tool}/build/nb101.index`, import.meta.url))
}
