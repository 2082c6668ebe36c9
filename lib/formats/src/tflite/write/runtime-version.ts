import type { BuiltinOperator, Data } from './graph.js'
import { BUILTINS, type Builtin } from '../schema.js'

/** Bytes that TensorFlow's converter reserves for this metadata. */
const BYTES = 16

/** The metadata `min_runtime_version`: the first TensorFlow release that has all operators, as text. */
export function minRuntimeVersion(operators: readonly BuiltinOperator[]): Data {
  const releases = new Set(
    operators.map(({ builtin, version }) => {
      const { since }: Builtin = BUILTINS[builtin]
      const release = since[version]
      if (release) return release
      throw new Error(`schema.ts: "since" of ${builtin} lacks version ${version}`)
    }),
  )
  const last = [...releases].reduce((a, b) => (isBefore(a, b) ? b : a), '1.5.0')
  return { bytes: BYTES, read: () => [new TextEncoder().encode(last.padEnd(BYTES, '\0'))] }
}

const RELEASES = new Intl.Collator('en', { numeric: true })

function isBefore(a: string, b: string): boolean {
  return RELEASES.compare(a, b) < 0
}
