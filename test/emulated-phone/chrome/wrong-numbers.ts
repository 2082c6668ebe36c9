/**
 * Makes a page's outputs wrong after the first run, as real phones are known to do (LiteRT issue 8065). A
 * network computes the same output each time, so an array of numbers that comes a second time is the output
 * of a later run, and is changed. Latencies never repeat exactly.
 */
export class WrongNumbers {
  private readonly seen = new Set<string>()

  /** Returns a DevTools message with repeated arrays of numbers in its result changed. */
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

/** Arrays of one number are left out, since these may repeat by chance. */
function isNumbers(values: unknown[]): values is number[] {
  return values.length > 1 && values.every((value) => typeof value === 'number')
}
