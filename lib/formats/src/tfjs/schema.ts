/**
 * A node of a TensorFlow `GraphDef`, in the JSON form of a TensorFlow.js graph model.
 * https://github.com/tensorflow/tensorflow/blob/master/tensorflow/core/framework/node_def.proto
 */
export interface NodeDef {
  readonly name: string
  readonly op: string
  readonly input?: readonly string[]
  readonly attr: Readonly<Record<string, Attribute>>
}

export type Attribute =
  | { readonly type: string }
  | { readonly s: string }
  | { readonly i: string }
  | { readonly b: boolean }
  | { readonly f: number }
  | { readonly shape: TensorShape }
  | { readonly tensor: { readonly dtype: string; readonly tensorShape: TensorShape } }
  | { readonly list: { readonly i?: readonly string[]; readonly s?: readonly string[] } }

export interface TensorShape {
  readonly dim: readonly { readonly size: string }[]
}

export const FLOAT = { type: 'DT_FLOAT' }
export const INT32 = { type: 'DT_INT32' }
export const NHWC = text('NHWC')

/** A string attribute: bytes in base64. */
export function text(value: string): Attribute {
  return { s: base64(value) }
}

export function texts(values: readonly string[]): Attribute {
  return { list: values.length ? { s: values.map(base64) } : {} }
}

export function integer(value: number): Attribute {
  return { i: String(value) }
}

export function integers(values: readonly number[]): Attribute {
  return { list: { i: values.map(String) } }
}

export function tensorShape(sizes: readonly number[]): TensorShape {
  return { dim: sizes.map((size) => ({ size: String(size) })) }
}

function base64(value: string): string {
  return Buffer.from(value, 'latin1').toString('base64')
}
