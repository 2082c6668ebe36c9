import { LetiError } from '@leti/records'
import { printable } from '../../importer/names.js'

/** The error for an operator whose output's shape neither the file nor LETI tells. */
export class UntoldShape extends LetiError {
  /** @param more what else was tried */
  constructor(
    readonly operator: string,
    more = '',
    cause?: unknown,
  ) {
    super(
      'unsupported',
      `operator ${printable(operator)} is unknown to LETI and the file does not state its output shape${more}; ` +
        'add the shapes with onnx.shape_inference, or simplify the file with onnxsim',
      { cause },
    )
  }
}
