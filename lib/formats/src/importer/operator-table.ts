/** Marks a function for which a format has no operator. */
export const ABSENT = null

/**
 * The names of a format's operators, by LETI's types. A type of LETI that the table lacks is a compile
 * error.
 */
export type OperatorNames<Type extends string> = Readonly<
  Record<Type, string | readonly string[] | typeof ABSENT>
>

/** Entries of a table of readers: one reader for each name of a format's operators. */
export function readersByName<Type extends string, Reader>(
  names: OperatorNames<Type>,
  readerOf: (type: Type) => Reader,
): [operator: string, reader: Reader][] {
  const types = Object.keys(names) as Type[]
  return types.flatMap((type) =>
    [names[type] ?? []].flat().map((name): [string, Reader] => [name, readerOf(type)]),
  )
}
