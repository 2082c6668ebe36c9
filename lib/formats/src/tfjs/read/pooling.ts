import { pool } from '../../importer/windows.js'
import type { Call, NodeResult, Readers } from './call.js'
import { windowOf } from './windows.js'

export const POOLING: Readers = [
  ['MaxPool', maxPool],
  ['AvgPool', averagePool],
]

function maxPool(call: Call): NodeResult {
  return pooling(call, 'max_pool')
}

function averagePool(call: Call): NodeResult {
  return pooling(call, 'avg_pool')
}

function pooling(call: Call, type: 'max_pool' | 'avg_pool'): NodeResult {
  const [, height, width] = call.node.numbers('ksize')
  const window = windowOf(call.node, [height, width])
  return window && pool(call.op, type, call.input(0), window)
}
