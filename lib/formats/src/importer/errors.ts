import { LetiError } from '@leti/records'
import { printable } from './names.js'

// Errors that the readers of all formats throw.

/** The error for an input that neither is float32 nor is cast to it wherever it is read. */
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
