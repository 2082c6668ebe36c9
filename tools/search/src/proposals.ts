import type { LetiRecord } from '@leti/records'
import { Best, Front, type Judged } from '@leti/search'
import type { SearchOptions } from './options.js'

type ProposalOptions = Pick<SearchOptions, 'budget-ms' | 'risk' | 'best'>

/** Rows of the table: more are hard to read. */
const MAX_ROWS = 30

/** Collects the front, or the best networks. */
export class Proposals {
  private readonly front = new Front<Judged>()
  private readonly best: Best<Judged> | undefined

  constructor(
    private readonly objective: string,
    private readonly options: ProposalOptions,
  ) {
    if (options.best !== undefined) this.best = new Best(options.best)
  }

  add(judged: Judged): void {
    if (this.best) this.best.add(judged)
    else this.front.add(judged)
  }

  /** The best in the objective first. */
  get ranked(): readonly Judged[] {
    return this.best ? this.best.points : this.front.points.toReversed()
  }

  get isEmpty(): boolean {
    return !this.ranked.length
  }

  records(): LetiRecord[] {
    const { 'budget-ms': budget_ms, risk } = this.options
    const { objective } = this
    return this.ranked.map(({ record, value, bound_ms }, i) => ({
      ...record,
      ...(objective === 'accuracy' && { accuracy: record.accuracy ?? value }),
      search: {
        objective,
        value,
        rank: i + 1,
        budget_ms,
        risk,
        ...(bound_ms !== undefined && { bound_ms }),
      },
    }))
  }

  /** @param count how many networks were looked at */
  table(count: number): string {
    const { 'budget-ms': budget, risk, best } = this.options
    const what = best === undefined ? 'on the front' : 'best'
    const rows = this.ranked
    const title = `${rows.length} ${what} within ${budget} ms (risk ${risk}) of ${count} networks looked at`
    const header = ['rank', 'latency', 'bound', nameOf(this.objective), 'network']
    const shown = rows.slice(0, MAX_ROWS).map(({ record, latency_ms, value, bound_ms }, i) => {
      const bound = bound_ms === undefined ? 'measured' : bound_ms.toPrecision(4)
      return [`${i + 1}`, latency_ms.toPrecision(4), bound, String(value), record.id]
    })
    const more = rows.length - shown.length
    const lines = [title, ...aligned([header, ...shown])]
    return [...lines, ...(more > 0 ? [`... and ${more} more`] : [])].join('\n')
  }
}

/** A command may be long. */
function nameOf(objective: string): string {
  return /^\w+$/.test(objective) ? objective : 'objective'
}

/** Numbers to the right; the last column is text. */
function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)))
  return rows.map((row) =>
    row
      .map((cell, column) => (column < row.length - 1 ? cell.padStart(widths[column]) : cell))
      .join('  '),
  )
}
