/** One of the files that a model consists of. */
export interface ModelPart {
  /** How the model's other files call it: a path that starts from the model's folder. */
  readonly name: string
  readonly path: string
}
