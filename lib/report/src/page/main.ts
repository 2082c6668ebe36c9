import type { Plot, Report } from '../data.js'
import { pointsOf, type DevicePair } from '../points.js'
import { Details } from './details.js'
import { h, select } from './dom.js'
import { Figure } from './figure.js'
import { Figures } from './figures.js'
import { Filters } from './filters.js'
import { indexed, recordTable } from './record-table.js'
import { stepCard } from './steps.js'
import * as summaries from './summaries.js'

const data = document.getElementById('report')?.textContent ?? '{}'
const report = JSON.parse(data) as Report
const filters = new Filters(report)
const details = new Details(report)
const figures = new Figures()

/** The two devices of the plot of ranks. */
let devices: DevicePair | undefined = report.ranks[0] && [report.ranks[0].a, report.ranks[0].b]

document.body.prepend(header(), ...body())

function header(): HTMLElement {
  const { title, rows, predictions } = report
  const networks = new Set(rows.map(({ id }) => id)).size
  const known = new Set(rows.map(({ device }) => device).filter(Boolean)).size
  const judges = new Set(predictions.map(({ predictor }) => predictor)).size
  const parts = [
    counted(networks, 'network'),
    counted(rows.length, 'record'),
    ...(known ? [counted(known, 'device')] : []),
    ...(judges ? [counted(judges, 'predictor')] : []),
  ]
  return h('header', {}, h('h1', {}, title), h('p', {}, parts.join(' · ')))
}

function body(): HTMLElement[] {
  const table = recordTable(report, details)
  const rows = indexed(report)
  filters.onChange(() => {
    figures.update()
    table.update(rows.filter(({ index }) => filters.keeps(index)))
  })
  const sections = [
    section(
      'Accuracy',
      report.accuracy.length > 0 && wide(summaries.accuracyTable(report.accuracy)),
      { note: 'Tables of metrics are of all records, as evaluate has them.' },
    ),
    section('Learning curves', false, {
      below: report.curves.length > 0 && wide(summaries.curveTable(report.curves)),
    }),
    section('Search', false),
    section('Latency', false),
    section(
      'Device',
      report.agreement.length > 0 && wide(summaries.agreementTable(report.agreement)),
    ),
    section('Ranks', report.ranks.length > 0 && wide(summaries.rankTable(report, choose))),
    section('Kernels', false),
    cards('Predictors', report.predictors.map(summaries.predictorCard)),
    cards('Commands', report.steps.map(stepCard)),
    cards('Environments', report.environments.map(summaries.environmentList)),
    cards(
      'Failures',
      report.failures.length ? [wide(summaries.failureTable(report.failures))] : [],
    ),
    cards('Records', [wide(table.element)]),
  ].filter((element) => element !== undefined)
  const links = sections.map(({ id }) => h('a', { href: `#${id}` }, id.replaceAll('-', ' ')))
  return [
    h('nav', { 'aria-label': 'Sections' }, ...links),
    filters.element(),
    h('main', {}, ...sections),
  ]
}

/** A section with its plots, and a table before or below them; `undefined` if it has neither. */
function section(
  name: string,
  table: HTMLElement | false,
  { note, below = false }: { note?: string; below?: HTMLElement | false } = {},
): HTMLElement | undefined {
  const plots = report.plots.filter((plot) => plot.section === name).map(figure)
  if (!plots.length && !table) return undefined
  const text = table && note !== undefined ? h('p', { class: 'note' }, note) : false
  return h(
    'section',
    { id: name.replaceAll(' ', '-') },
    h('h2', {}, name),
    text,
    table,
    h('div', { class: 'grid' }, ...plots, below),
  )
}

function cards(name: string, elements: readonly HTMLElement[]): HTMLElement | undefined {
  if (!elements.length) return undefined
  return h('section', { id: name }, h('h2', {}, name), h('div', { class: 'grid' }, ...elements))
}

function wide(element: HTMLElement): HTMLElement {
  return h('div', { class: 'card wide' }, element)
}

function figure(plot: Plot): HTMLElement {
  const isPair = plot.source === 'pairs'
  let all = isPair ? [] : pointsOf(report, plot.source)
  const points = () => {
    if (isPair) all = pointsOf(report, plot.source, devices)
    return all.filter(({ row }) => row === undefined || filters.keeps(row))
  }
  const made = new Figure(plot, points, details, isPair ? pairControls() : [])
  figures.add(made)
  return made.element
}

function pairControls(): HTMLElement[] {
  const options = report.ranks.map(({ a, b }, i) => [`${i}`, `${a} and ${b}`] as const)
  const chosen = select('Devices', options, (value) => {
    const { a, b } = report.ranks[Number(value)]
    choose(a, b)
  })
  return [chosen]
}

function choose(a: string, b: string): void {
  devices = [a, b]
  figures.update()
}

function counted(count: number, name: string): string {
  return `${count.toLocaleString('en')} ${name}${count === 1 ? '' : 's'}`
}
