/**
 * Makes a page's answers wrong after the first, as real phones are known to (LiteRT issue 8065). Networks
 * give the same numbers each time: an array of numbers that was answered before is the output of a later
 * run, and its values are changed. Latencies never come twice.
 */
export class WrongNumbers {
  private readonly seen = new Set<string>()

  /** A DevTools message, with what it answers changed where that was answered before. */
  alter(message: Record<string, unknown>): Record<string, unknown> {
    return 'result' in message ? { ...message, result: this.walk(message.result) } : message
  }

  private walk(value: unknown): unknown {
    if (Array.isArray(value)) {
      return isNumbers(value) ? this.numbers(value) : value.map((item) => this.walk(item))
    }
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.walk(item)]))
  }

  private numbers(values: number[]): number[] {
    const text = JSON.stringify(values)
    if (this.seen.has(text)) return values.map((value) => 1 - 3 * value)
    this.seen.add(text)
    return values
  }
}

/** One number alone may well come twice. */
function isNumbers(values: unknown[]): values is number[] {
  return values.length > 1 && values.every((value) => typeof value === 'number')
}
