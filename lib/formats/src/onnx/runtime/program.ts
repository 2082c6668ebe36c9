/**
 * The program that runs an `.onnx` file, in a process of its own: with inputs of zeros, and again with ones, which
 * tells the shapes that depend on the numbers. It is text, so that every bundle of
 * LETI holds it without a file beside it.
 *
 * On stdin: the length of the request as 4 bytes, the request (`Request` in `run.ts`) as JSON, the model,
 * and its files of weights. On stdout: an `Answer` as JSON.
 */
export const PROGRAM = `
const chunks = []
for await (const chunk of process.stdin) chunks.push(chunk)
const input = Buffer.concat(chunks)
chunks.length = 0
let at = 4 + input.readUInt32LE(0)
const { runtime, feeds, values, maxValues, sizes } = JSON.parse(input.toString('utf8', 4, at))
const [model, ...files] = sizes.map(({ bytes }) => input.subarray(at, (at += bytes)))

const ARRAYS = {
  float32: Float32Array, float64: Float64Array, float16: Uint16Array, bool: Uint8Array,
  int8: Int8Array, uint8: Uint8Array, int16: Int16Array, uint16: Uint16Array,
  int32: Int32Array, uint32: Uint32Array, int64: BigInt64Array, uint64: BigUint64Array,
}

async function run() {
  const loaded = await import(runtime)
  const ort = loaded.default ?? loaded
  ort.env.logLevel = 'fatal'
  ort.env.wasm.numThreads = 1
  const session = await ort.InferenceSession.create(model, {
    executionProviders: ['wasm'],
    graphOptimizationLevel: 'disabled',
    logSeverityLevel: 4,
    externalData: files.map((data, index) => ({ path: sizes[index + 1].name, data })),
  })
  const filled = (any) => Object.fromEntries(feeds.map(({ name, type, shape, number }) => {
    const numbers = new ARRAYS[type](shape.reduce((product, length) => product * length, 1))
    const value = number ?? any
    return [name, new ort.Tensor(type, numbers.fill(type.endsWith('int64') ? BigInt(value) : value), shape)]
  }))
  const results = await session.run(filled(0))
  // Ones may be out of the range of an index.
  const others = await session.run(filled(1)).catch(() => results)
  const wanted = new Set(values)
  const isSmall = ({ size, type }) => size <= maxValues && type in ARRAYS && type !== 'float16'
  return Object.entries(results).map(([name, tensor]) => ({
    name,
    shape: [...tensor.dims],
    isFloat: tensor.type.startsWith('float'),
    isVarying: tensor.dims.join() !== others[name].dims.join(),
    ...(wanted.has(name) && isSmall(tensor) && { values: Array.from(tensor.data, Number) }),
  }))
}

const answer = await run().then(
  (tensors) => ({ tensors }),
  (error) => ({ error: String(error?.message ?? error) }),
)
process.stdout.write(JSON.stringify(answer), () => process.exit())
`
