/** For people: three digits. */
export function digits(value: number): string {
  return `${Number(value.toPrecision(3))}`
}
