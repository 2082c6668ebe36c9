/**
 * Makes names of nodes from a file's names of tensors: of characters that every format takes, and
 * each given out once. A name of digits alone gets a word before it: as a key of an object it would
 * move before all others.
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

/** The name in characters that every format takes; a slash stays, and nothing may be left. */
export function cleanName(name: string): string {
  return name.replace(/[^\w./-]+/g, '_').replace(/^[^\w.]+/, '')
}

/** A name from a file, for messages of one line. */
export function printable(name: string): string {
  return name.replace(/[^\w./:-]+/g, '_').slice(0, 100)
}
