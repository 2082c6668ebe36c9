import type { Operator, OperatorType } from '@leti/network'

export type OperatorOf<T extends OperatorType> = Operator & { readonly type: T }
