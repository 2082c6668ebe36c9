/**
 * Transposes a matrix: `[rows, columns, inner]` becomes `[columns, rows, inner]`.
 *
 * @param inner elements that move together
 */
export function transposed(
  values: Float32Array,
  rows: number,
  columns: number,
  inner = 1,
): Float32Array {
  const result = new Float32Array(values.length)
  if (inner > 1) {
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        const from = (row * columns + column) * inner
        result.set(values.subarray(from, from + inner), (column * rows + row) * inner)
      }
    }
    return result
  }
  // In tiles, so that the lines of both matrices stay in the cache.
  for (let top = 0; top < rows; top += TILE) {
    const bottom = Math.min(top + TILE, rows)
    for (let left = 0; left < columns; left += TILE) {
      const right = Math.min(left + TILE, columns)
      for (let column = left; column < right; column++) {
        let to = column * rows + top
        for (let row = top; row < bottom; row++) result[to++] = values[row * columns + column]
      }
    }
  }
  return result
}

const TILE = 8
