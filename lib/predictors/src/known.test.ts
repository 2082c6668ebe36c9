import { expect, test } from 'vitest'
import { checkKnown } from './known.js'

const record = { id: 'x', unknown: { mac_share: 0.0712, operators: ['LSTM', 'Custom'] } }
const MESSAGE = 'about 8% of the work is in operators that LETI does not know (LSTM, Custom)'

test('a network with too much unknown work is refused, with the option that allows it', () => {
  const option = (share: number) => `predict the rest with --max-unknown ${share}`
  expect(() => checkKnown(record, 0.05, option)).toThrow(
    `${MESSAGE}; predict the rest with --max-unknown 0.08`,
  )
  expect(() => checkKnown(record, 0.05)).toThrow(MESSAGE)
  expect(() => checkKnown(record, 0.08)).not.toThrow()
})

test('a network whose operators are all known is not', () => {
  expect(() => checkKnown({ id: 'x' }, 0)).not.toThrow()
})
