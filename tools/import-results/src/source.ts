/** A file of results. */
export interface ResultsFile {
  /** As the user names it; `stdin` without a name. */
  readonly name: string
  /** Name of the folder that the file is in. Absent for stdin. */
  readonly folder?: string
  readonly text: string
  /** Tells of a part of the file that is not understood; the rest goes on. */
  readonly fail: (place: string, message: string) => void
}

/** A record as far as its file says it: the device may be missing. */
export interface Found {
  readonly record: object
  readonly place: string
}

/** Reads the records of one format of results. What a file does not say stays absent. */
export type Source = (file: ResultsFile) => Iterable<Found>
