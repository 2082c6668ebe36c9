import type { Plot } from '../data.js'
import type { Point } from '../points.js'
import type { Scheme } from '../theme.js'
import type { Details } from './details.js'
import { button, download, h } from './dom.js'
import { nearest, type Placed } from './nearest.js'
import { PlotView } from './plot-view.js'

/** A plot with its title, its note, and the record under the pointer. */
export class Figure {
  readonly element: HTMLElement
  private readonly host = h('div', { class: 'canvas', 'aria-hidden': 'true' })
  private readonly ring = h('div', { class: 'ring' })
  private readonly frame: HTMLElement
  private view: PlotView | undefined
  private places: readonly Placed[] | undefined
  private at: Placed | undefined

  /**
   * @param points the points that the filters keep
   * @param controls above the plot
   */
  constructor(
    private readonly plot: Plot,
    private readonly points: () => readonly Point[],
    private readonly details: Details,
    controls: readonly HTMLElement[] = [],
  ) {
    const { id, title, note } = plot
    this.frame = h('div', { class: 'frame', role: 'group' }, this.host, this.ring)
    if (plot.point) this.frame.tabIndex = 0
    this.ring.hidden = true
    const save = button('SVG', () => void this.save(), { 'aria-label': `Save "${title}" as SVG` })
    this.element = h(
      'figure',
      { id, class: 'card' },
      h('figcaption', {}, h('h3', {}, title), save, h('p', {}, note)),
      ...controls,
      this.frame,
    )
    this.label()
    if (plot.point) this.listen()
  }

  draw(scheme: Scheme): void {
    this.view?.end()
    this.host.replaceChildren()
    this.view = new PlotView(this.plot, this.points(), scheme, this.host)
    this.moved()
  }

  get isDrawn(): boolean {
    return this.view !== undefined
  }

  update(): void {
    this.view?.update(this.points())
    this.label()
    this.moved()
  }

  moved(): void {
    this.places = undefined
    this.show(undefined)
  }

  private label(): void {
    const { title, point } = this.plot
    const count = this.points().length.toLocaleString('en')
    const keys = point ? '. Arrow keys go from point to point, Enter shows the details' : ''
    this.frame.setAttribute('aria-label', `${title}, ${count} points${keys}`)
    this.element.classList.toggle('empty', this.points().length === 0)
  }

  private listen(): void {
    const { frame } = this
    frame.addEventListener('pointermove', (event) => {
      if (event.pointerType === 'mouse') this.show(this.under(event), event)
    })
    frame.addEventListener('pointerleave', () => this.show(undefined))
    frame.addEventListener('click', (event) => {
      const found = this.under(event)
      if (found) this.details.pin(found.row)
    })
    frame.addEventListener('keydown', (event) => this.key(event))
    frame.addEventListener('blur', () => this.show(undefined))
  }

  private placed(): readonly Placed[] {
    return (this.places ??= this.view?.placed().sort((a, b) => a.x - b.x) ?? [])
  }

  private under({ clientX, clientY }: MouseEvent): Placed | undefined {
    const { left, top } = this.host.getBoundingClientRect()
    return nearest(this.placed(), clientX - left, clientY - top)
  }

  private key(event: KeyboardEvent): void {
    const places = this.placed()
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key]
    if (event.key === 'Enter' && this.at) {
      // Else the key would press the button that gets the focus.
      event.preventDefault()
      this.details.pin(this.at.row, true)
    }
    if (!step || !places.length) return
    event.preventDefault()
    const now = this.at ? places.indexOf(this.at) : -1
    const next = places[Math.min(places.length - 1, Math.max(0, now + step))]
    const { left, top } = this.host.getBoundingClientRect()
    this.show(next, { clientX: left + next.x, clientY: top + next.y })
    this.details.speak(next.row)
  }

  /** Marks a point, and shows its record beside it. */
  private show(
    placed: Placed | undefined,
    at: { clientX: number; clientY: number } = { clientX: 0, clientY: 0 },
  ): void {
    this.at = placed
    this.ring.hidden = !placed
    if (!placed) {
      this.details.leave()
      return
    }
    this.ring.style.left = `${placed.x}px`
    this.ring.style.top = `${placed.y}px`
    this.details.hover(placed.row, at.clientX, at.clientY)
  }

  private async save(): Promise<void> {
    const svg = await this.view?.toSvg()
    if (svg) download(`${this.plot.id}.svg`, 'image/svg+xml', svg)
  }
}
