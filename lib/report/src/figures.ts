import { parse, View } from 'vega'
import { compiled } from './compiled.js'
import type { Plot, Report } from './data.js'
import { pointsOf } from './points.js'

/** Width of the plotted area, pixels: one column of a paper at the usual size of its text. */
const WIDTH = 380

/** Fonts that are the same, or of the same widths, on most machines. */
const FONT = 'Helvetica, Arial, "Liberation Sans", "DejaVu Sans", sans-serif'

/** A plot as a picture of its own, for print. */
export interface StaticFigure {
  /** Also the name of its file. */
  readonly id: string
  readonly svg: string
}

/** The plots of a report, one by one. A plot that compares two devices shows those with the most networks. */
export async function* figuresOf(report: Report): AsyncGenerator<StaticFigure> {
  for (const plot of report.plots) yield { id: plot.id, svg: await svgOf(plot, report) }
}

async function svgOf(plot: Plot, report: Report): Promise<string> {
  const [pair] = report.ranks.toSorted((one, other) => other.networks - one.networks)
  const points = pointsOf(report, plot.source, pair && [pair.a, pair.b])
  const spec = compiled(plot, points, { scheme: 'light', width: WIDTH, font: FONT })
  const view = new View(parse({ ...spec, background: 'white' }), { renderer: 'none' })
  try {
    return await view.toSVG()
  } finally {
    view.finalize()
  }
}
