import { hash } from 'node:crypto'
import { enumerateGraphs } from './enumerate.js'
import { labelsOf, matrixOf, packCell, type PackedCell } from './graph.js'
import { ModuleHasher } from './hash.js'
import { INPUT, OPERATION_NAMES, OUTPUT } from './operations.js'

/** Number of cells of the published space, as the public script counts them. */
export const CELL_COUNT = 423_624

const CODE_BYTES = 4
const HASH_BYTES = 16
const HASHES_START = CELL_COUNT * CODE_BYTES
const CELLS_BYTES = CELL_COUNT * (CODE_BYTES + HASH_BYTES)

/**
 * All cells of NAS-Bench-101, numbered from 0 in the order of the public enumeration. The bytes hold the
 * codes of all cells (see `packCell`), then the hashes of all cells.
 */
export class Cells {
  private lookup: Int32Array | undefined

  /** @param bytes from `buildCells`, `CELLS_BYTES` long */
  constructor(readonly bytes: Buffer) {}

  code(cell: number): number {
    return this.bytes.readUInt32LE(cell * CODE_BYTES)
  }

  /** The cell's public module hash, 32 hexadecimal digits. */
  hash(cell: number): string {
    const start = HASHES_START + cell * HASH_BYTES
    return this.bytes.toString('hex', start, start + HASH_BYTES)
  }

  /** The cell with this hash, or undefined if it is not in the space. */
  find(hash: string): number | undefined {
    this.lookup ??= this.makeLookup()
    const wanted = Buffer.from(hash, 'hex')
    if (wanted.length !== HASH_BYTES) return undefined
    for (let slot = slotOf(wanted, 0); this.lookup[slot]; slot = nextSlot(slot)) {
      const cell = this.lookup[slot] - 1
      const start = HASHES_START + cell * HASH_BYTES
      if (!this.bytes.compare(wanted, 0, HASH_BYTES, start, start + HASH_BYTES)) return cell
    }
    return undefined
  }

  /** A hash table with open addressing; a slot holds the number of a cell plus one, or 0. */
  private makeLookup(): Int32Array {
    const lookup = new Int32Array(SLOTS)
    for (let cell = 0; cell < CELL_COUNT; cell++) {
      let slot = slotOf(this.bytes, HASHES_START + cell * HASH_BYTES)
      while (lookup[slot]) slot = nextSlot(slot)
      lookup[slot] = cell + 1
    }
    return lookup
  }
}

/** A power of two; less than half of the slots are taken. */
const SLOTS = 1 << 20

function slotOf(bytes: Buffer, start: number): number {
  return bytes.readUInt32LE(start) & (SLOTS - 1)
}

function nextSlot(slot: number): number {
  return (slot + 1) & (SLOTS - 1)
}

/** Called after each of the `total` graphs of a long computation; it may throw to stop. */
export type AfterGraph = (total: number) => void | Promise<void>

/** Enumerates the space and computes all hashes, which takes about ten seconds. */
export async function buildCells(afterGraph?: AfterGraph): Promise<Cells> {
  const bytes = Buffer.alloc(CELLS_BYTES)
  const graphs = enumerateGraphs()
  let cell = 0
  for (const { vertices, edges, labelings } of graphs) {
    const hasher = new ModuleHasher(matrixOf(vertices, edges))
    for (const labeling of labelings) {
      bytes.writeUInt32LE(packCell({ vertices, edges, labeling }), cell * CODE_BYTES)
      const digest = hasher.hash(labelsOf(vertices, labeling))
      bytes.write(digest, HASHES_START + cell * HASH_BYTES, 'hex')
      cell++
    }
    await afterGraph?.(graphs.length)
  }
  return new Cells(bytes)
}

/** Names of the operations of all vertices, including input and output. */
export function operationsOf({ vertices, labeling }: PackedCell): string[] {
  const names = labelsOf(vertices, labeling).map((label) => OPERATION_NAMES[label])
  return [INPUT, ...names, OUTPUT]
}

/**
 * The sha256 of all module hashes of the public script, sorted and joined by line feeds. An enumeration
 * with this digest is the published space.
 */
export const PUBLIC_DIGEST = 'a7f10bf770c1b5b8a221e37824e42b3b1a237a5d21ccf545bbe8e23abd933403'

/** The digest of the given cells, to compare with `PUBLIC_DIGEST`. */
export function publicDigest(cells: Cells): string {
  const hashes = Array.from({ length: CELL_COUNT }, (_, cell) => cells.hash(cell))
  return hash('sha256', hashes.sort().join('\n'))
}
