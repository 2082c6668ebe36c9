import type { Judge, Judged } from './judge.js'
import type { SearchSpace } from './space.js'

/** A search ends after so many attempts in a row that found no new network within the budget. */
const MAX_VAIN = 20_000

/** A network within the budget. */
export interface Trial {
  readonly judged: Judged
  /** False if it was judged before: it costs nothing then. */
  readonly isNew: boolean
}

/** Counts what a search judges. Only distinct networks within the budget are evaluations. */
export class Trials<Genes> {
  private readonly known = new Map<string, Judged | undefined>()
  private evaluations = 0
  private vain = 0

  /** @param most number of evaluations */
  constructor(
    private readonly space: SearchSpace<Genes>,
    private readonly judge: Judge,
    private readonly most: number,
  ) {}

  get over(): boolean {
    return this.evaluations >= this.most || this.vain >= MAX_VAIN
  }

  /** @returns `undefined` if there is no such network, or none within the budget */
  async judged(genes: Genes): Promise<Trial | undefined> {
    this.vain++
    const record = this.space.record(genes)
    if (!record) return undefined
    const isNew = !this.known.has(record.id)
    if (isNew) this.known.set(record.id, (await this.judge([record]))[0])
    const judged = this.known.get(record.id)
    if (!judged) return undefined
    if (isNew) {
      this.evaluations++
      this.vain = 0
    }
    return { judged, isNew }
  }
}
