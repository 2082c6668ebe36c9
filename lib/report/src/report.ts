import type { AccuracyRow, AgreementRow, Report } from './data.js'
import type { Gathering } from './gather.js'
import { plotsOf } from './plots/index.js'
import { ranksOf } from './ranks.js'

/** The report of what was gathered. Which plots it has follows from what the records hold. */
export async function reportOf(gathered: Gathering, title: string): Promise<Report> {
  const rows = gathered.named()
  const { drift, agreement, differences } = gathered.visits.summary()
  const tables = {
    title,
    rows,
    predictions: gathered.predictions(),
    visits: drift,
    differences,
    kernels: gathered.kernels,
    stages: gathered.stages,
    curves: await gathered.curves(),
    accuracy: withFloor(gathered.accuracy(), agreement),
    agreement,
    ranks: ranksOf(rows),
    environments: gathered.environments.rows(),
    predictors: gathered.panel.rows(),
    failures: gathered.failures,
    steps: gathered.steps(),
  }
  return { ...tables, plots: plotsOf(tables) }
}

/** Where the records are visits, the floor of single visits with the drift in them: predictions are compared with those. */
function withFloor(
  rows: readonly AccuracyRow[],
  agreement: readonly AgreementRow[],
): AccuracyRow[] {
  return rows.map((row) => {
    const own = agreement.filter(({ device }) => device === row.device)
    // Two machines of one name have two floors, and none is that of the row.
    const floors = own.filter(({ visits }) => visits === 'as measured')
    return { ...row, ...(floors.length === 1 && { floor: floors[0].agreement.mape_floor_percent }) }
  })
}
