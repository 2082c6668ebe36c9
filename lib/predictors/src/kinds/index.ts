import { additive } from '../additive/index.js'
import { auto } from '../auto/index.js'
import { gbdt } from '../gbdt/index.js'
import { gp } from '../gp/index.js'
import { kernels } from '../kernels/index.js'
import type { Kind } from '../model.js'
import { gcn } from '../neural/gcn.js'
import { mlp } from '../neural/mlp.js'
import { transfer } from '../transfer/index.js'
import { flops } from './flops.js'
import { linear } from './linear.js'
import { lut } from './lut.js'
import { ridge } from './ridge.js'

/** Every kind of predictor by its name. */
export const KINDS = {
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
  auto,
  transfer,
} satisfies Record<string, Kind>

export type KindName = keyof typeof KINDS

export const KIND_NAMES = Object.keys(KINDS) as KindName[]
