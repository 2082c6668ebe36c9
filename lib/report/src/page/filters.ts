import type { Report, Row } from '../data.js'
import { button, h, select } from './dom.js'
import { compact } from './numbers.js'

/** Which records the page shows. */
export class Filters {
  private space = ''
  private device = ''
  private size = ''
  private search = ''
  private readonly listeners: (() => void)[] = []
  private readonly status = h('span', { role: 'status', class: 'status' })
  private kept: readonly boolean[]
  private readonly sizes: readonly Size[]

  constructor(private readonly report: Report) {
    this.kept = report.rows.map(() => true)
    this.sizes = sizesOf(report.rows)
  }

  /** Whether the record of this index is shown. */
  keeps(row: number): boolean {
    return this.kept[row]
  }

  onChange(listener: () => void): void {
    this.listeners.push(listener)
  }

  /** The controls. */
  element(): HTMLElement {
    const { rows } = this.report
    const spaces = namesOf(rows.map(({ space }) => space))
    const devices = namesOf(rows.map(({ device }) => device))
    const sizes = this.sizes.map(({ text }, i) => [`${i}`, text] as const)
    const form = h(
      'form',
      { class: 'filters', role: 'search', 'aria-label': 'Filters' },
      spaces.length > 1 &&
        select('Space', withAll('All spaces', spaces), (value) => this.set({ space: value })),
      devices.length > 1 &&
        select('Device', withAll('All devices', devices), (value) => this.set({ device: value })),
      sizes.length > 1 &&
        select('Size', [['', 'All sizes'], ...sizes], (value) => this.set({ size: value })),
      this.searchBox(),
      button('Reset', () => {
        form.reset()
        this.set({ space: '', device: '', size: '', search: '' })
      }),
      this.status,
    )
    form.addEventListener('submit', (event) => event.preventDefault())
    this.tell()
    return form
  }

  private searchBox(): HTMLElement {
    const input = h('input', { type: 'search', placeholder: 'part of an id', autocomplete: 'off' })
    let timer = 0
    input.addEventListener('input', () => {
      clearTimeout(timer)
      timer = window.setTimeout(() => this.set({ search: input.value }), 150)
    })
    return h('label', {}, h('span', {}, 'Find'), input)
  }

  private set(values: { space?: string; device?: string; size?: string; search?: string }): void {
    Object.assign(this, values)
    const { space, device } = this
    const search = this.search.trim().toLowerCase()
    const size = this.size ? this.sizes[Number(this.size)] : undefined
    this.kept = this.report.rows.map(
      (row) =>
        (!space || row.space === space) &&
        (!device || row.device === device) &&
        (!size || holds(size, row)) &&
        row.id.toLowerCase().includes(search),
    )
    this.tell()
    for (const listener of this.listeners) listener()
  }

  private tell(): void {
    const count = this.kept.filter(Boolean).length
    const all = this.kept.length.toLocaleString('en')
    this.status.textContent = `${count.toLocaleString('en')} of ${all} records`
  }
}

interface Size {
  readonly field: 'macs' | 'parameters' | 'latency'
  readonly from: number
  readonly to: number
  readonly text: string
}

const UNITS = { macs: 'MACs', parameters: 'parameters', latency: 'ms' } as const

/** Quarters of the records by the size that all or most state. */
function sizesOf(rows: readonly Row[]): Size[] {
  const counts = (['macs', 'parameters', 'latency'] as const).map((field) => ({
    field,
    values: rows.flatMap((row) => row[field] ?? []).sort((a, b) => a - b),
  }))
  const { field, values } = counts.reduce((a, b) => (b.values.length > a.values.length ? b : a))
  if (values.length < 8 || values[0] === values[values.length - 1]) return []
  const bounds = [0, 1, 2, 3, 4].map((i) => values[Math.round((i / 4) * (values.length - 1))])
  return bounds.slice(0, 4).map((from, i) => {
    const to = bounds[i + 1]
    return { field, from, to, text: `${compact(from)} to ${compact(to)} ${UNITS[field]}` }
  })
}

function holds({ field, from, to }: Size, row: Row): boolean {
  const value = row[field]
  return value !== undefined && value >= from && value <= to
}

function namesOf(values: readonly (string | undefined)[]): string[] {
  return [...new Set(values)].filter((value) => value !== undefined)
}

function withAll(all: string, names: readonly string[]): (readonly [string, string])[] {
  return [['', all], ...names.map((name) => [name, name] as const)]
}
