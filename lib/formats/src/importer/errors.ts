import { LetiError } from '@leti/records'
import { printable } from './names.js'

// Errors that the readers of all formats throw.

/** The error for an input of a type that LETI cannot read. */
export function nonFloatInput(name: string, type: string): LetiError {
  return new LetiError(
    'unsupported',
    `input "${printable(name)}" is ${printable(type)}; only float32 inputs are supported`,
  )
}

/** The error for an unknown operator whose output shape neither the file nor LETI states. */
export function unknownShape(operator: string): LetiError {
  const name = printable(operator)
  return new LetiError(
    'unsupported',
    `operator ${name} is unknown to LETI and the file does not state its output shape`,
  )
}

/** The error for an operator with a graph of its own: what that graph computes must not be lost. */
export function nestedGraph(operator: string): LetiError {
  const name = printable(operator)
  return new LetiError(
    'unsupported',
    `operator ${name} runs a graph of its own, as often as the input decides; convert the model without it`,
  )
}

/** The error for an operator that runs one of several graphs, as the inputs decide. */
export function openBranch(operator: string, condition: string): LetiError {
  const name = printable(condition)
  return new LetiError(
    'unsupported',
    `operator ${printable(operator)} chooses its work by the numbers of the inputs; choose a branch with --input-shape ${name}=1, or ${name}=0`,
  )
}
