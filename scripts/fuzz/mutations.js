/** A damaged copy of a binary file. */
export function damagedBytes(bytes, dice) {
  return dice.of([cut, noised, withExtremes, withExtremes, withRange])(Buffer.from(bytes), dice)
}

/** A damaged copy of a JSON text: damaged as bytes, or with some of its values replaced. */
export function damagedJson(text, dice) {
  if (dice.below(4) === 0) return damagedBytes(text, dice)
  let result = text.toString()
  for (let count = dice.of([1, 1, 2, 5, 20]); count > 0; count--) result = replaced(result, dice)
  return Buffer.from(result.replaceAll(JSON.stringify(DEEP), BRACKETS))
}

const cut = (bytes, dice) => bytes.subarray(0, place(bytes, dice))

function noised(bytes, dice) {
  for (let count = dice.of([1, 3, 10, 100]); count > 0; count--) {
    bytes[place(bytes, dice)] = dice.below(256)
  }
  return bytes
}

/** Numbers at the limits of integer types. */
const EXTREMES = [0n, 1n, -1n, 2n ** 31n, 2n ** 63n, 2n ** 31n - 1n, 2n ** 63n - 1n, 65536n, 255n]

function withExtremes(bytes, dice) {
  for (let count = dice.of([1, 2, 5]); count > 0; count--) {
    const word = Buffer.alloc(8)
    word.writeBigUInt64LE(BigInt.asUintN(64, dice.of(EXTREMES)))
    word.copy(bytes, place(bytes, dice), 0, dice.of([2, 4, 8]))
  }
  return bytes
}

/** Copies a range of bytes over another, exchanges the two, inserts the range again, or removes it. */
function withRange(bytes, dice) {
  const length = 1 + dice.below(dice.of([4, 16, 256, 65536]))
  const from = place(bytes, dice)
  const to = place(bytes, dice)
  const range = Buffer.from(bytes.subarray(from, from + length))
  switch (dice.below(4)) {
    case 0:
      range.copy(bytes, to)
      return bytes
    case 1:
      bytes.copy(bytes, from, to, to + length)
      range.copy(bytes, to)
      return bytes
    case 2:
      return Buffer.concat([bytes.subarray(0, to), range, bytes.subarray(to)])
    default:
      return Buffer.concat([bytes.subarray(0, from), bytes.subarray(from + length)])
  }
}

/** Most of a file is weights; its structure lies near its ends. */
const END = 65536

function place(bytes, dice) {
  const near = Math.min(END, bytes.length)
  return dice.of([
    () => dice.below(near),
    () => bytes.length - 1 - dice.below(near),
    () => dice.below(bytes.length),
  ])()
}

/** Stands for nested brackets, which `JSON.stringify` could not write. */
const DEEP = '@deep@'
const BRACKETS = '['.repeat(5000) + ']'.repeat(5000)

/** Values that replace others; `undefined` removes the member. */
const WRONG = [
  ...[undefined, null, true, 0, -1, 0.5, 1e9, 2 ** 31, 2 ** 53, 1e300],
  ...['', '-1', '0', '99999999999', 'NaN', 'x:7', '\0', '../x', '__proto__', 'constructor'],
  ...['\u001b[2J', '\u009b31m', '\u202e', '\ud800', '-rf', '=1+1', 'a'.repeat(300)],
  ...[[], {}, [{}], [[]], DEEP],
]

/** A JSON text with one value replaced by one of `WRONG`, or by another value of the text. */
function replaced(text, dice) {
  const values = []
  const visit = (change) => JSON.parse(text, (_key, value) => change(value))
  visit((value) => values.push(value))
  const chosen = dice.below(values.length)
  const other = dice.of([() => dice.of(WRONG), () => dice.of(values)])()
  let at = 0
  return JSON.stringify(visit((value) => (at++ === chosen ? other : value))) ?? 'null'
}
