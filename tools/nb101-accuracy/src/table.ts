import { CELL_COUNT } from '@leti/spaces'
import { EPOCHS, type Evaluation, type Training } from './training.js'

/** How often the benchmark trained each cell with each budget. */
const REPEATS = 3

/** Numbers of a training: four half-way, four at the end. */
const NUMBERS = 8
const CELL_NUMBERS = REPEATS * NUMBERS

/** The trainings of one epoch budget: `CELL_NUMBERS` for each cell; 0 where there is none. */
export type Section = Float32Array

/** One training as a record shows it. */
export interface Run extends Evaluation {
  readonly epochs: number
  readonly half_way: Evaluation
}

/**
 * The trainings of all cells, by the number of the cell. Its size does not depend on the length of the file. The
 * benchmark's numbers are of single precision.
 */
export class Table {
  readonly parameters: Uint32Array
  /** By epoch budget; only budgets that the file has. */
  readonly sections: Map<number, Section>

  constructor(parameters = new Uint32Array(CELL_COUNT), sections = new Map<number, Section>()) {
    this.parameters = parameters
    this.sections = sections
  }

  /** @returns whether there was room: more than three trainings of a budget are not kept */
  add(cell: number, { epochs, parameters, halfWay, end }: Training): boolean {
    const section = this.sections.get(epochs) ?? new Float32Array(CELL_COUNT * CELL_NUMBERS)
    this.sections.set(epochs, section)
    for (let at = cell * CELL_NUMBERS; at < (cell + 1) * CELL_NUMBERS; at += NUMBERS) {
      if (isTaken(section, at)) continue
      section.set([...numbersOf(halfWay), ...numbersOf(end)], at)
      this.parameters[cell] = parameters
      return true
    }
    return false
  }

  /** The trainings of a cell, those of the largest budget first. */
  runsOf(cell: number): Run[] {
    return EPOCHS.toReversed().flatMap((epochs) => {
      const section = this.sections.get(epochs)
      return section ? runsIn(section, cell, epochs) : []
    })
  }
}

/** Whether a training begins here. Its last number is its time, which is never 0. */
function isTaken(section: Section, at: number): boolean {
  return section[at + NUMBERS - 1] > 0
}

function runsIn(section: Section, cell: number, epochs: number): Run[] {
  const runs: Run[] = []
  for (let at = cell * CELL_NUMBERS; at < (cell + 1) * CELL_NUMBERS; at += NUMBERS) {
    if (!isTaken(section, at)) break
    runs.push({ epochs, ...evaluationAt(section, at + 4), half_way: evaluationAt(section, at) })
  }
  return runs
}

function numbersOf({ validation, test, train, training_s }: Evaluation): number[] {
  return [validation, test, train, training_s]
}

function evaluationAt(section: Section, at: number): Evaluation {
  const [validation, test, train, training_s] = section.subarray(at, at + 4)
  return { validation, test, train, training_s }
}
