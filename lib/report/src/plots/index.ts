import type { Plot, Report } from '../data.js'
import { accuracyPlots } from './accuracy.js'
import { curvePlots } from './curves.js'
import { devicePlots } from './device.js'
import { frontPlots } from './front.js'
import { kernelPlots } from './kernels.js'
import { rankPlots } from './ranks.js'
import { sizePlots } from './size.js'

/** The plots that the records allow, in the order of the page. */
export function plotsOf(report: Omit<Report, 'plots'>): Plot[] {
  return [
    accuracyPlots,
    curvePlots,
    frontPlots,
    sizePlots,
    devicePlots,
    rankPlots,
    kernelPlots,
  ].flatMap((of) => of(report))
}
