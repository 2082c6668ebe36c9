import { NEED_REFERENCES, PREDICTOR_KIND_NAMES } from '@leti/predictors/names'

/** The kinds that need no predictors of other devices. */
export const CURVE_KINDS = PREDICTOR_KIND_NAMES.filter((kind) => !NEED_REFERENCES.includes(kind))
