import { uniformInt } from 'pure-rand/distribution/uniformInt'
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator'
import type { ArchMembers } from '../space.js'
import { INPUT, OPERATION_NAMES, OUTPUT } from './operations.js'

const VERTICES = 7

/** A random cell of five operations: each follows an earlier vertex and feeds the output. */
export function nb101Example(random: RandomGenerator): ArchMembers {
  const module_adjacency = Array.from({ length: VERTICES }, () =>
    new Array<number>(VERTICES).fill(0),
  )
  const module_operations = [INPUT]
  for (let vertex = 1; vertex < VERTICES - 1; vertex++) {
    module_adjacency[uniformInt(random, 0, vertex - 1)][vertex] = 1
    module_adjacency[vertex][VERTICES - 1] = 1
    module_operations.push(OPERATION_NAMES[uniformInt(random, 0, OPERATION_NAMES.length - 1)])
  }
  return { module_adjacency, module_operations: [...module_operations, OUTPUT] }
}
