import type {
  AccuracyRow,
  AgreementRow,
  CurveRow,
  EnvironmentRow,
  FailureRow,
  PredictorRow,
  Report,
} from '../data.js'
import { h } from './dom.js'
import { compact, fixed, plain } from './numbers.js'
import { Table, type Column } from './table.js'

const digits = (count: number) => (value: number | undefined) => fixed(value, count)

/** The metrics of `evaluate`. */
export function accuracyTable(rows: readonly AccuracyRow[]): HTMLElement {
  const columns: Column<AccuracyRow>[] = [
    { title: 'Device', value: ({ device }) => device },
    { title: 'Predictor', value: ({ predictor }) => predictor },
    { title: 'Count', value: ({ metrics }) => metrics.count, text: digits(0) },
    { title: 'MAPE, %', value: ({ metrics }) => metrics.mape_percent, text: digits(2) },
    { title: 'Median, %', value: ({ metrics }) => metrics.median_ape_percent, text: digits(2) },
    { title: 'RMSE, ms', value: ({ metrics }) => metrics.rmse_ms, text: digits(3) },
    { title: 'Within 5%, %', value: ({ metrics }) => metrics.within_5_percent, text: digits(1) },
    { title: 'Within 10%, %', value: ({ metrics }) => metrics.within_10_percent, text: digits(1) },
    { title: 'Spearman’s ρ', value: ({ metrics }) => metrics.spearman_rho, text: digits(3) },
    { title: 'Kendall’s τ', value: ({ metrics }) => metrics.kendall_tau, text: digits(3) },
    {
      title: 'Inside, %',
      value: ({ metrics }) => metrics.coverage_90_percent,
      text: digits(1),
    },
    { title: 'Floor of MAPE, %', value: ({ floor }) => floor, text: digits(2) },
  ]
  return new Table('Accuracy of the predictions', columns, rows).element
}

/** The points of the learning curves. */
export function curveTable(rows: readonly CurveRow[]): HTMLElement {
  const columns: Column<CurveRow>[] = [
    { title: 'Device', value: ({ device }) => device },
    { title: 'Space', value: ({ space }) => space },
    { title: 'Kind', value: ({ kind }) => kind },
    { title: 'Learned from', value: ({ count }) => count, text: digits(0) },
    { title: 'Tested on', value: ({ networks, count }) => networks - count, text: digits(0) },
    { title: 'MAPE, %', value: ({ mape }) => mape, text: digits(2) },
    { title: 'Deviation, %', value: ({ deviation }) => deviation, text: digits(2) },
  ]
  return new Table('Learning curves', columns, rows).element
}

export function agreementTable(rows: readonly AgreementRow[]): HTMLElement {
  const columns: Column<AgreementRow>[] = [
    { title: 'Device', value: ({ device }) => device },
    { title: 'Visits', value: ({ visits }) => visits },
    { title: 'Pairs', value: ({ networks }) => networks, text: digits(0) },
    { title: 'Bias, %', value: ({ agreement: of }) => of.bias_percent, text: digits(2) },
    {
      title: 'Median, %',
      value: ({ agreement: of }) => of.median_difference_percent,
      text: digits(2),
    },
    {
      title: '90% within, %',
      value: ({ agreement: of }) => of.p90_difference_percent,
      text: digits(2),
    },
    { title: 'Noise, %', value: ({ agreement: of }) => of.noise_percent, text: digits(2) },
    {
      title: 'Floor of MAPE, %',
      value: ({ agreement: of }) => of.mape_floor_percent,
      text: digits(2),
    },
    { title: 'Spearman’s ρ', value: ({ agreement: of }) => of.spearman_rho, text: digits(4) },
    { title: 'Drift, %', value: ({ drift }) => drift, text: digits(1) },
    { title: 'Clock steps', value: ({ steps }) => steps, text: digits(0) },
  ]
  return new Table('Agreement of repeated visits', columns, rows).element
}

export function failureTable(rows: readonly FailureRow[]): HTMLElement {
  const columns: Column<FailureRow>[] = [
    { title: 'Tool', value: ({ tool }) => tool },
    { title: 'Code', value: ({ code }) => code },
    { title: 'Records', value: ({ count }) => count, text: digits(0) },
    { title: 'First', value: ({ example }) => example },
  ]
  return new Table('Records that failed', columns, rows).element
}

/** Most values of a member that are listed. */
const MOST_VALUES = 4

export function environmentList({ device, records, members }: EnvironmentRow): HTMLElement {
  const entries = Object.entries(members).flatMap(([name, values]) => {
    const more = values.length - MOST_VALUES
    const text = values.slice(0, MOST_VALUES).join('; ') + (more > 0 ? `; ${more} more` : '')
    return [h('dt', {}, name), h('dd', {}, text)]
  })
  const count = `${records.toLocaleString('en')} records`
  return h(
    'div',
    { class: 'card' },
    h('h3', {}, device),
    h('dl', {}, h('dt', {}, 'measured'), h('dd', {}, count), ...entries),
  )
}

/** What a predictor was trained on, and where its predictions end. */
export function predictorCard(row: PredictorRow): HTMLElement {
  const { name, model, device, spaces, count, min, max, metrics, settings, ranges, refused } = row
  const facts: [string, string][] = [
    ['Kind', model],
    ['Device', device],
    ['Spaces', spaces.join(', ') || '–'],
    ['Trained on', `${count.toLocaleString('en')} measurements, ${plain(min)} to ${plain(max)} ms`],
    [
      'Cross-validation',
      `MAPE ${fixed(metrics.mape_percent, 2)}%, ${fixed(metrics.within_10_percent, 1)}% within 10%, ρ ${fixed(metrics.spearman_rho, 3)}`,
    ],
    ...Object.entries(settings),
  ]
  const refusals = refused.map(({ reason, count: own }) =>
    h('li', {}, `${own.toLocaleString('en')} records: ${reason}`),
  )
  return h(
    'div',
    { class: 'card' },
    h('h3', {}, name),
    h('dl', {}, ...facts.flatMap(([key, value]) => [h('dt', {}, key), h('dd', {}, value)])),
    ranges.length > 0 && rangeTable(ranges),
    refusals.length > 0 && h('p', {}, 'Refused:'),
    refusals.length > 0 && h('ul', {}, ...refusals),
  )
}

function rangeTable(ranges: PredictorRow['ranges']): HTMLElement {
  const rows = ranges.map(({ feature, min, max, seen, outside }) =>
    h(
      'tr',
      {},
      h('th', { scope: 'row' }, feature),
      h('td', {}, `${compact(min)} to ${compact(max)}`),
      h('td', {}, seen ? `${compact(seen[0])} to ${compact(seen[1])}` : '–'),
      h('td', { class: 'number' }, `${outside}`),
    ),
  )
  const heads = ['Feature', 'Trained on', 'In the records', 'Outside']
  const head = h('tr', {}, ...heads.map((title) => h('th', { scope: 'col' }, title)))
  return h(
    'div',
    { class: 'scroll' },
    h('table', {}, h('thead', {}, head), h('tbody', {}, ...rows)),
  )
}

/** Spearman's rho of each pair of devices; a click chooses the pair. */
export function rankTable({ ranks }: Report, choose: (a: string, b: string) => void): HTMLElement {
  const columns: Column<Report['ranks'][number]>[] = [
    { title: 'First device', value: ({ a }) => a, open: ({ a, b }) => choose(a, b) },
    { title: 'Second device', value: ({ b }) => b },
    { title: 'Spearman’s ρ', value: ({ rho }) => rho, text: digits(4) },
    { title: 'Networks', value: ({ networks }) => networks, text: digits(0) },
  ]
  return new Table('Agreement of ranks', columns, ranks).element
}
