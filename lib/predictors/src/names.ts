/** What the options of tools list: `--help` loads these modules alone. */
export {
  NEED_REFERENCES,
  PREDICTOR_KIND_NAMES,
  PREDICTOR_KIND_SUMMARIES,
  type PredictorKindName,
} from './kinds/names.js'
export { LATENCY_SCALES } from './model.js'

/** Largest share of a network's work that may be in operators that LETI does not know, unless told otherwise. */
export const MAX_UNKNOWN = 0.05
