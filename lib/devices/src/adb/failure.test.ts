import { expect, test } from 'vitest'
import { deviceLost, lostState } from './failure.js'

test.each([
  ["adb: error: device 'R58N12ABCDE' not found", 'not found'],
  ['error: no devices/emulators found', 'not found'],
  ['error: device offline', 'offline'],
  [
    "error: device unauthorized.\nThis adb server's $ADB_VENDOR_KEYS is not set\nTry 'adb kill-server' if that seems wrong.",
    'unauthorized',
  ],
  ['error: device still authorizing', 'authorizing'],
  ['error: insufficient permissions for device: user in plugdev group', 'no permissions'],
  ['error: closed', 'lost'],
  ['adb: error: failed to copy: connect failed: closed', 'lost'],
  ["adb: error: failed to read copy response: couldn't read from device", 'lost'],
])('%s', (stderr, state) => {
  expect(lostState(stderr)).toBe(state)
  expect(deviceLost('R58N12ABCDE', state)).toMatchObject({ code: 'device-lost' })
  expect(deviceLost('R58N12ABCDE', state).message).toMatch(/R58N12ABCDE.*: .+/)
})

test('ignores the errors of programs on the phone', () => {
  expect(lostState('ERROR: Failed to apply GPU delegate: device closed')).toBeUndefined()
  expect(lostState('adb: error: failed to copy: remote No space left on device')).toBeUndefined()
})
