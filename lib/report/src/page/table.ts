import { button, download, h } from './dom.js'

export interface Column<T> {
  readonly title: string
  readonly value: (row: T) => string | number | undefined
  /** How a number is shown; in a CSV file it stands whole. */
  readonly text?: (value: number | undefined) => string
  /** What a click on the cell does. */
  readonly open?: (row: T) => void
}

/** Rows on one page of a table. */
const PAGE = 25

/** A table that sorts by any column, shows one page at a time, and is saved as CSV. */
export class Table<T> {
  readonly element: HTMLElement
  private readonly body = h('tbody')
  private readonly heads: HTMLElement[]
  private readonly position = h('span', { role: 'status', class: 'status' })
  private sorted: readonly T[] = []
  private page = 0
  private by: { column: number; descending: boolean } | undefined

  constructor(
    private readonly caption: string,
    private readonly columns: readonly Column<T>[],
    private rows: readonly T[],
  ) {
    this.heads = columns.map(({ title, text }, i) =>
      h(
        'th',
        { scope: 'col', ...(text && { class: 'number' }) },
        button(title, () => this.sortBy(i)),
      ),
    )
    const table = h(
      'table',
      {},
      h('caption', { class: 'spoken' }, caption),
      h('thead', {}, h('tr', {}, ...this.heads)),
      this.body,
    )
    this.element = h(
      'div',
      { class: 'table' },
      h('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': caption }, table),
      this.footer(),
    )
    this.update(rows)
  }

  update(rows: readonly T[]): void {
    this.rows = rows
    this.page = 0
    this.sort()
  }

  private footer(): HTMLElement {
    const csv = button(
      'CSV',
      () => download(`${this.caption.toLowerCase()}.csv`, 'text/csv', this.csv()),
      {
        'aria-label': `Save "${this.caption}" as CSV`,
      },
    )
    const buttons = this.rows.length > PAGE && [
      button('Previous', () => this.turn(-1)),
      button('Next', () => this.turn(1)),
    ]
    return h('div', { class: 'footer' }, ...(buttons || []), this.position, csv)
  }

  private turn(step: number): void {
    const last = Math.max(0, Math.ceil(this.sorted.length / PAGE) - 1)
    this.page = Math.min(last, Math.max(0, this.page + step))
    this.show()
  }

  private sortBy(column: number): void {
    const descending = this.by?.column === column && !this.by.descending
    this.by = { column, descending }
    this.heads.forEach((head, i) => {
      if (i === column) head.setAttribute('aria-sort', descending ? 'descending' : 'ascending')
      else head.removeAttribute('aria-sort')
    })
    this.page = 0
    this.sort()
  }

  private sort(): void {
    const { by } = this
    if (by) {
      const { value } = this.columns[by.column]
      const sign = by.descending ? -1 : 1
      const keyed = this.rows.map((row) => ({ row, key: value(row) }))
      keyed.sort((a, b) => compared(a.key, b.key, sign))
      this.sorted = keyed.map(({ row }) => row)
    } else this.sorted = this.rows
    this.show()
  }

  private show(): void {
    const start = this.page * PAGE
    const rows = this.sorted.slice(start, start + PAGE)
    this.body.replaceChildren(...rows.map((row) => this.line(row)))
    const { length } = this.sorted
    const few =
      length <= PAGE
        ? `${length}`
        : `${start + 1} to ${start + rows.length} of ${length.toLocaleString('en')}`
    this.position.textContent = `${few} ${length === 1 ? 'row' : 'rows'}`
  }

  private line(row: T): HTMLElement {
    const cells = this.columns.map(({ value, text, open }) => {
      const own = value(row)
      const shown = text ? text(own as number | undefined) : `${own ?? '–'}`
      const content = open ? button(shown, () => open(row), { class: 'link' }) : shown
      return h('td', text ? { class: 'number' } : {}, content)
    })
    return h('tr', {}, ...cells)
  }

  private csv(): string {
    const lines = this.sorted.map((row) => this.columns.map(({ value }) => value(row)))
    return [this.columns.map(({ title }) => title), ...lines]
      .map((line) => `${line.map(quoted).join(',')}\r\n`)
      .join('')
  }
}

/** Rows without the value come last in both directions. */
function compared(
  a: string | number | undefined,
  b: string | number | undefined,
  sign: number,
): number {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined)
  if (typeof a === 'number' && typeof b === 'number') return sign * (a - b)
  return sign * `${a}`.localeCompare(`${b}`, 'en', { numeric: true })
}

/** A spreadsheet would run text that begins as a formula does. */
function quoted(value: string | number | undefined): string {
  if (typeof value !== 'string') return `${value ?? ''}`
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
