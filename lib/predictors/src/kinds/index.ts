import { additive } from '../additive/index.js'
import { autoOf } from '../auto/index.js'
import { gbdt } from '../gbdt/index.js'
import { gp } from '../gp/index.js'
import { kernels } from '../kernels/index.js'
import type { FindKind, PredictorKind } from '../kind.js'
import { gcn } from '../neural/gcn.js'
import { mlp } from '../neural/mlp.js'
import { transfer } from '../transfer/index.js'
import type { PredictorKindName } from './names.js'
import { flops } from './flops.js'
import { linear } from './linear.js'
import { lut } from './lut.js'
import { ridge } from './ridge.js'

/** The kinds that are fitted to one device's samples alone. A new kind is a line here and in `names.ts`. */
const SINGLE_KINDS = {
  flops,
  linear,
  ridge,
  lut,
  additive,
  gp,
  gbdt,
  kernels,
  mlp,
  gcn,
} satisfies Record<string, PredictorKind>

/** Every kind of predictor by its name in `train --model` and in predictor files. */
export const PREDICTOR_KINDS = {
  ...SINGLE_KINDS,
  auto: autoOf(SINGLE_KINDS),
  transfer,
} satisfies Record<PredictorKindName, PredictorKind>

/** Finds a kind by a name from a predictor file. */
export const findKind: FindKind = (name) => PREDICTOR_KINDS[name as PredictorKindName]
