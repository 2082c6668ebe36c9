import { versionOf, type Io } from '@leti/pipe'
import { readPredictor } from '@leti/predictors'
import { LetiError, type Statistic } from '@leti/records'
import { Gathering, pageOf, readPageParts, reportOf, shellWord, type Report } from '@leti/report'

interface ReportOptions {
  readonly files: readonly string[]
  /** Predictor files. */
  readonly predictor?: readonly string[] | undefined
  readonly title: string
  readonly statistic: Statistic
  /** Folder for the plots as files. */
  readonly figures?: string | undefined
}

/** Writes a page that shows the records and the predictors. */
export async function run(options: ReportOptions, io: Io): Promise<void> {
  const { files, predictor: paths = [], title, statistic, figures } = options
  const predictors = await Promise.all(paths.map((path) => readPredictor(path, io.signal)))
  const gathered = new Gathering(predictors, statistic)
  for await (const { record, place } of io.records(files)) {
    if (record.error) {
      io.failed = true
      gathered.addFailure(record)
      continue
    }
    try {
      gathered.add(record)
    } catch (error) {
      gathered.addFailure({ id: record.id, error: io.caught(place, error) })
    }
  }
  if (io.signal.aborted) return
  const made = await reportOf(gathered, title)
  const report = { ...made, steps: [...made.steps, stepOf(options)] }
  if (!report.rows.length)
    throw new LetiError('usage', 'no record without an error: nothing to show')
  for (const text of gathered.warnings()) io.warn(text)
  if (figures !== undefined) {
    const { writeFigures } = await import('./figures.js')
    const isWhole = await writeFigures(report, figures)
    if (!isWhole)
      io.warn('--figures: no PNG, only SVG: the package @resvg/resvg-js is not installed')
  }
  await io.writeLine(pageOf(report, await readPageParts()))
}

/** What made the page itself. */
function stepOf({
  files,
  predictor = [],
  title,
  statistic,
}: ReportOptions): Report['steps'][number] {
  const words = [
    'report',
    '--title',
    title,
    ...(statistic === 'median' ? [] : ['--statistic', statistic]),
    ...predictor.flatMap((path) => ['--predictor', path]),
    ...files,
  ]
  const facts = { Version: versionOf(import.meta.url) }
  return { tool: 'report', command: words.map(shellWord).join(' '), facts }
}
