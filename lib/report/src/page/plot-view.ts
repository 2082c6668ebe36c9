import { parse, View, type Runtime } from 'vega'
import { expressionInterpreter } from 'vega-interpreter'
import { compiled } from '../compiled.js'
import type { Plot } from '../data.js'
import type { Point } from '../points.js'
import type { Scheme } from '../theme.js'
import type { Placed } from './nearest.js'

/** A plot on a canvas. */
export class PlotView {
  private readonly view: View

  constructor(
    private readonly plot: Plot,
    private points: readonly Point[],
    scheme: Scheme,
    host: HTMLElement,
  ) {
    const spec = compiled(plot, copies(points), { scheme, labelLimit: host.clientWidth - 90 })
    // Expressions are interpreted: the page forbids scripts that are made of text.
    const runtime: Runtime = parse(spec, undefined, { ast: true })
    this.view = new View(runtime, { expr: expressionInterpreter, renderer: 'canvas', hover: false })
    this.view.tooltip(() => undefined)
    this.view.initialize(host).run()
  }

  /** Shows these points instead. */
  update(points: readonly Point[]): void {
    this.points = points
    this.view.data('table', copies(points)).run()
  }

  /** Where the points lie, from the corner of the canvas. */
  placed(): Placed[] {
    const { point: fields } = this.plot
    if (!fields) return []
    const [left, top] = this.view.origin()
    const x = this.view.scale('x') as (value: unknown) => number
    const y = this.view.scale('y') as (value: unknown) => number
    return this.points.flatMap((point) => {
      const { row } = point
      const place = { x: left + x(point[fields.x]), y: top + y(point[fields.y]) }
      const isShown = Number.isFinite(place.x) && Number.isFinite(place.y)
      return row !== undefined && isShown ? [{ row, ...place }] : []
    })
  }

  async toSvg(): Promise<string> {
    return this.view.toSVG()
  }

  end(): void {
    this.view.finalize()
  }
}

/** Vega adds members of its own to what it draws. */
function copies(points: readonly Point[]): Point[] {
  return points.map((point) => ({ ...point }))
}
