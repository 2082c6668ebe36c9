const float = new Float32Array(1)
const bits = new Uint32Array(float.buffer)

/** Converts float32 to the bits of IEEE 754 half precision, rounding to nearest, ties to even. */
export function toHalf(values: Float32Array): Uint16Array {
  const source = new Uint32Array(values.buffer, values.byteOffset, values.length)
  const halves = new Uint16Array(values.length)
  for (let index = 0; index < halves.length; index++) halves[index] = halfOf(source[index])
  return halves
}

/** Converts the bits of IEEE 754 half precision to float32, exactly. */
export function fromHalf(halves: Uint16Array): Float32Array {
  numbers ??= Float32Array.from({ length: 2 ** 16 }, (_, half) => numberOf(half))
  const values = new Float32Array(halves.length)
  for (let index = 0; index < values.length; index++) values[index] = numbers[halves[index]]
  return values
}

/** The value of each of the 65,536 bit patterns; made at first use. */
let numbers: Float32Array | undefined

/** @param single bits of a float32 */
function halfOf(single: number): number {
  const sign = (single >>> 16) & 0x8000
  const magnitude = single & 0x7fffffff
  if (magnitude > 0x7f800000) return sign | 0x7e00
  // Values halfway between the largest finite half and the next power of two, or beyond, round to infinity.
  if (magnitude >= 0x477ff000) return sign | 0x7c00
  if (magnitude < 0x38800000) {
    // A subnormal half counts in units of 2^-24. Adding 0.5 lets the float addition do the rounding.
    bits[0] = magnitude
    float[0] += 0.5
    return sign | (bits[0] - 0x3f000000)
  }
  const odd = (magnitude >>> 13) & 1
  return sign | ((magnitude - 0x38000000 + 0xfff + odd) >>> 13)
}

function numberOf(half: number): number {
  const sign = half & 0x8000 ? -1 : 1
  const exponent = (half >>> 10) & 0x1f
  const fraction = half & 0x3ff
  if (exponent === 0x1f) return fraction ? NaN : sign * Infinity
  return exponent ? sign * (1 + fraction / 1024) * 2 ** (exponent - 15) : sign * fraction * 2 ** -24
}
