export type Scheme = 'light' | 'dark'

interface Palette {
  readonly ink: string
  readonly faint: string
  readonly grid: string
  readonly band: string
  /** Okabe and Ito's colors, which the color-blind tell apart, in an order of unlike brightness. */
  readonly series: readonly string[]
}

const PALETTES: Readonly<Record<Scheme, Palette>> = {
  light: {
    ink: '#1c2430',
    faint: '#5a6675',
    grid: '#e3e7ec',
    band: '#dfe5ec',
    series: [
      '#0072b2',
      '#e69f00',
      '#009e73',
      '#cc79a7',
      '#56b4e9',
      '#d55e00',
      '#1c2430',
      '#8a8f98',
    ],
  },
  dark: {
    ink: '#e6e9ee',
    faint: '#a3adba',
    grid: '#2b323c',
    band: '#2c3643',
    series: [
      '#56b4e9',
      '#e69f00',
      '#12c495',
      '#e39bc4',
      '#f0e442',
      '#ff8a4c',
      '#e6e9ee',
      '#8a93a0',
    ],
  },
}

const SHAPES = ['circle', 'triangle-up', 'square', 'diamond', 'cross', 'triangle-down', 'stroke']

const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", Arial, sans-serif'

/** How plots look: Vega-Lite's `config`. */
export function configOf(scheme: Scheme, font = FONT, labelLimit = 320): Record<string, unknown> {
  const { ink, faint, grid, band, series } = PALETTES[scheme]
  const text = { labelColor: faint, titleColor: ink, labelFont: font, titleFont: font }
  const mark = { color: series[0] }
  return {
    font,
    background: 'transparent',
    view: { stroke: null },
    point: mark,
    bar: mark,
    line: { ...mark, strokeWidth: 2 },
    rule: mark,
    style: {
      band: { color: band },
      reference: { color: faint, strokeWidth: 1.5 },
      trend: { color: ink, strokeWidth: 2 },
    },
    range: { category: series, symbol: SHAPES },
    axis: {
      ...text,
      domainColor: faint,
      tickColor: faint,
      gridColor: grid,
      titleFontWeight: 'normal',
      titleFontSize: 12,
      labelFontSize: 11,
      labelOverlap: true,
      labelSeparation: 5,
      labelLimit: 150,
    },
    legend: {
      ...text,
      orient: 'top',
      labelFontSize: 12,
      labelLimit,
      symbolSize: 70,
      symbolOpacity: 1,
      symbolStrokeWidth: 2,
      columns: 1,
    },
  }
}
