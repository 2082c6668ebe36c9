/**
 * Makes names of nodes from a file's names of tensors: of characters that every format takes, and
 * each given out once.
 */
export function uniqueNames(): (name: string) => string {
  const used = new Map<string, number>()
  return (name) => {
    const clean = name.replace(/[^\w./-]+/g, '_').replace(/^[^\w.]+/, '') || 'tensor'
    let unique = clean
    let count = used.get(clean) ?? 0
    while (used.has(unique)) unique = `${clean}_${++count}`
    used.set(clean, count)
    used.set(unique, used.get(unique) ?? 0)
    return unique
  }
}
