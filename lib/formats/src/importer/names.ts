/**
 * Turns a file's names of tensors into unique names of nodes, in characters that every format allows.
 * A name of digits gets a prefix: as a key of a JavaScript object it would be sorted before all others.
 */
export function uniqueNames(): (name: string) => string {
  const used = new Map<string, number>()
  return (name) => {
    const legal = cleanName(name) || 'tensor'
    const clean = /^\d+$/.test(legal) ? `tensor_${legal}` : legal
    let unique = clean
    let count = used.get(clean) ?? 0
    while (used.has(unique)) unique = `${clean}_${++count}`
    used.set(clean, count)
    used.set(unique, used.get(unique) ?? 0)
    return unique
  }
}

/** The name in characters that every format allows, slashes included; the result may be empty. */
export function cleanName(name: string): string {
  return name.replace(/[^\w./-]+/g, '_').replace(/^[^\w.]+/, '')
}

/** Makes a name from a file safe for a one-line message. */
export function printable(name: string): string {
  return name.replace(/[^\w./:-]+/g, '_').slice(0, 100)
}
