/** At most so many of the items, at even distances. */
export function evenly<Item>(items: readonly Item[], most: number): readonly Item[] {
  if (items.length <= most) return items
  const step = items.length / most
  return Array.from(
    { length: Math.floor(items.length / step) },
    (_, i) => items[Math.floor(i * step)],
  )
}
