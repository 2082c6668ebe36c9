import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Report } from '@leti/report'
import { figuresOf } from '@leti/report/figures'

/** Pixels of a PNG for each pixel of the plot: 300 dots an inch in print. */
const ZOOM = 300 / 96

/**
 * Writes each plot of a report as SVG, and as PNG if the package that draws it is installed.
 *
 * @returns whether PNG was written too
 */
export async function writeFigures(report: Report, folder: string): Promise<boolean> {
  await mkdir(folder, { recursive: true })
  const resvg = await import('@resvg/resvg-js').catch(() => undefined)
  for await (const { id, svg } of figuresOf(report)) {
    await writeFile(join(folder, `${id}.svg`), svg)
    if (!resvg) continue
    const picture = new resvg.Resvg(svg, {
      fitTo: { mode: 'zoom', value: ZOOM },
      font: { defaultFontFamily: 'DejaVu Sans' },
    })
    await writeFile(join(folder, `${id}.png`), picture.render().asPng())
  }
  return resvg !== undefined
}
