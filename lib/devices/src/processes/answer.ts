/** The other side of `worker.ts`. */
import { asLetiError, messageOf, type ErrorCode } from '@leti/records'

export interface Call {
  readonly method: string
  readonly args: readonly unknown[]
}

export type Answer =
  | { readonly result: unknown }
  /** `code` if it was a `LetiError`. */
  | { readonly error: string; readonly code?: ErrorCode | undefined }

/** Answers the calls of the process that started this one; ends when that ends. */
export function answerCalls(answer: (call: Call) => Promise<unknown>): void {
  process.on('message', (call: Call) => {
    answer(call).then(
      (result) => send({ result }),
      (error: unknown) => send({ error: messageOf(error), code: asLetiError(error)?.code }),
    )
  })
  process.on('disconnect', () => process.exit())
}

function send(answer: Answer): void {
  process.send?.(answer)
}
