import type { PredictionRow, Report } from '../data.js'
import { cellOf, operatorsOf, settingsOf } from './cell.js'
import { button, h } from './dom.js'
import { drawCell } from './draw-cell.js'
import { compact, fixed, plain } from './numbers.js'

/** Most operators that the details list. */
const MOST_OPERATORS = 8

/** What is known of a record, with its cell: beside the pointer, or pinned. */
export class Details {
  private readonly hint = h('div', { class: 'hint card', 'aria-hidden': 'true' })
  private readonly panel = h('aside', { class: 'pinned card', 'aria-label': 'Details of a record' })
  private readonly speech = h('div', { class: 'spoken', role: 'status' })
  private readonly predictions = new Map<number, PredictionRow[]>()
  private shown = -1
  private opener: Element | null = null

  constructor(private readonly report: Report) {
    for (const prediction of report.predictions) {
      const known = this.predictions.get(prediction.row)
      if (known) known.push(prediction)
      else this.predictions.set(prediction.row, [prediction])
    }
    this.hint.hidden = true
    this.panel.hidden = true
    document.body.append(this.hint, this.panel, this.speech)
    addEventListener('keydown', (event) => {
      if (event.key === 'Escape') this.close()
    })
  }

  /** Shows a record beside a place of the window. */
  hover(row: number, x: number, y: number): void {
    if (row !== this.shown) this.hint.replaceChildren(...this.content(row))
    this.shown = row
    this.hint.hidden = false
    const { offsetWidth: width, offsetHeight: height } = this.hint
    const left = x + 18 + width > innerWidth ? x - 18 - width : x + 18
    const top = Math.min(y + 12, innerHeight - height - 8)
    this.hint.style.left = `${Math.max(8, left)}px`
    this.hint.style.top = `${Math.max(8, top)}px`
  }

  leave(): void {
    this.hint.hidden = true
  }

  /** Keeps a record on the page until it is closed. */
  pin(row: number, takeFocus = false): void {
    this.leave()
    this.opener = document.activeElement
    const close = button('Close', () => this.close(), { class: 'close' })
    this.panel.replaceChildren(close, ...this.content(row))
    this.panel.hidden = false
    if (takeFocus) close.focus()
  }

  /** Tells a screen reader of a record. */
  speak(row: number): void {
    const { id, latency, macs } = this.report.rows[row]
    const parts = [id, latency && `${plain(latency)} ms`, macs && `${compact(macs)} MACs`]
    this.speech.textContent = parts.filter(Boolean).join(', ')
  }

  private close(): void {
    if (this.panel.hidden) return
    this.panel.hidden = true
    if (this.opener instanceof HTMLElement) this.opener.focus()
  }

  private content(row: number): Node[] {
    const { id, arch } = this.report.rows[row]
    const cell = cellOf(arch)
    const operators = operatorsOf(arch)
    const more = operators.length - MOST_OPERATORS
    const named = operators.slice(0, MOST_OPERATORS).map(([name, count]) => `${count} × ${name}`)
    const listed = more > 0 ? [...named, `${more} more`] : named
    return [
      h('h3', { class: 'id' }, id),
      h(
        'dl',
        {},
        ...this.facts(row).flatMap(([name, value]) => [h('dt', {}, name), h('dd', {}, value)]),
      ),
      ...(cell ? [drawCell(cell)] : []),
      ...(listed.length ? [h('p', { class: 'operators' }, listed.join(', '))] : []),
    ]
  }

  private facts(row: number): [string, string][] {
    const { space, device, latency, low, high, macs, parameters, activations, memory, arch } =
      this.report.rows[row]
    const interval =
      low !== undefined && high !== undefined ? ` (${plain(low)} to ${plain(high)})` : ''
    const facts: [string, string | undefined][] = [
      ['Space', space],
      ['Device', device],
      ['Latency', latency === undefined ? undefined : `${plain(latency)} ms${interval}`],
      ['MACs', macs === undefined ? undefined : compact(macs)],
      ['Parameters', parameters === undefined ? undefined : compact(parameters)],
      ['Activations', activations === undefined ? undefined : `${compact(activations)} bytes`],
      ['Memory', memory === undefined ? undefined : `${compact(memory)} bytes`],
      ...this.predicted(row, latency),
      ...settingsOf(arch),
    ]
    return facts.filter((fact): fact is [string, string] => fact[1] !== undefined)
  }

  private predicted(row: number, latency: number | undefined): [string, string][] {
    const own = this.predictions.get(row) ?? []
    return own.map(({ predictor, predicted, low, high }) => {
      const interval =
        low !== undefined && high !== undefined ? ` (${plain(low)} to ${plain(high)})` : ''
      const error = latency
        ? `, ${predicted > latency ? '+' : ''}${fixed(100 * (predicted / latency - 1), 1)}%`
        : ''
      return [predictor, `${plain(predicted)} ms${interval}${error}`]
    })
  }
}
