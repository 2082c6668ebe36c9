import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { choosePhone } from './choose-phone.js'
import { parseDeviceList, type ListedPhone } from './device-list.js'

const fixture = readFileSync(new URL('fixtures/devices.txt', import.meta.url), 'utf8')
const LIST = parseDeviceList(fixture) as ListedPhone[]

function list(...lines: string[]): ListedPhone[] {
  return parseDeviceList(['List of devices attached', ...lines].join('\n')) as ListedPhone[]
}

/** The message of the error. */
function refusal(phones: readonly ListedPhone[], name?: string): string {
  try {
    return choosePhone(phones, name).name
  } catch (error) {
    return (error as Error).message
  }
}

test('chooses the only phone that is ready', () => {
  const [ready, , offline] = LIST
  expect(choosePhone([offline, ready])).toEqual({
    name: 'R58N12ABCDE',
    options: ['-s', 'R58N12ABCDE'],
  })
})

test.each(['model:Pixel_9', 'product:tokay model:Pixel_9', 'transport_id:2'])(
  'finds a phone by %s',
  (name) => {
    expect(choosePhone(LIST, name).name).toMatch(/^adb-47031/)
  },
)

test.each([
  ['no phone', [], undefined, 'device-lost', 'no phone is attached'],
  ['several phones', LIST, undefined, 'usage', 'R58N12ABCDE (SM_G991B), adb-47031'],
  ['an unknown phone', LIST, 'nobody', 'device-lost', 'nobody is not attached'],
  ['an unknown property', LIST, 'model:Pixel', 'device-lost', 'model:Pixel is not attached'],
  ['part of a serial number', LIST, 'R58N12ABCD', 'device-lost', 'is not attached'],
  ['an offline phone', LIST, '192.168.1.20:5555', 'device-lost', 'reconnect'],
  ['only a locked phone', LIST.slice(3, 4), undefined, 'device-lost', 'allow USB'],
])('%s: the error says what to do', (_name, phones, serial, code, message) => {
  expect(() => choosePhone(phones, serial)).toThrow(
    expect.objectContaining({ code, message: expect.stringContaining(message) as string }),
  )
})

describe('phones with the same serial number', () => {
  const TWINS = list(
    '0123456789ABCDEF       device usb:1-1 product:x model:Board_A device:x transport_id:1',
    '0123456789ABCDEF       device usb:1-2 product:x model:Board_A device:x transport_id:2',
  )
  const NAMES = ['0123456789ABCDEF usb:1-1', '0123456789ABCDEF usb:1-2']

  test('are told apart by where they are plugged in', () => {
    const both = `set "serial" to one of: ${NAMES[0]} (Board_A), ${NAMES[1]} (Board_A)`
    expect(refusal(TWINS)).toBe(`several phones are attached; ${both}`)
    const shared = 'several phones are "0123456789ABCDEF"'
    expect(refusal(TWINS, '0123456789ABCDEF')).toBe(`${shared}; ${both}`)
  })

  test.each([...NAMES, 'usb:1-1', 'usb:1-2'])('%s is one of them, for adb too', (name) => {
    const index = name.endsWith('1-1') ? 0 : 1
    expect(choosePhone(TWINS, name)).toEqual({
      name: NAMES[index],
      options: ['-t', String(index + 1)],
    })
  })

  test('one that is lost is not replaced by the other', () => {
    expect(refusal(TWINS.slice(0, 1), NAMES[1])).toContain(`${NAMES[1]} is not attached`)
  })

  test('one that is not ready counts too', () => {
    const [ready] = TWINS
    const locked = list('0123456789ABCDEF  unauthorized usb:1-2 transport_id:2')
    expect(choosePhone([ready, ...locked])).toEqual({ name: NAMES[0], options: ['-t', '1'] })
    expect(refusal([ready, ...locked], NAMES[1])).toContain('allow USB debugging')
  })

  test('adb without transport ids takes the place', () => {
    const old = list('0123 device usb:1-1 model:A', '0123 device usb:1-2 model:A')
    expect(choosePhone(old, '0123 usb:1-2').options).toEqual(['-s', 'usb:1-2'])
  })

  test('without a place, the model tells them apart', () => {
    const models = list(
      '0123 device product:x model:A device:x transport_id:1',
      '0123 device product:x model:B device:x transport_id:2',
    )
    expect(refusal(models)).toContain('one of: 0123 model:A (A), 0123 model:B (B)')
    expect(choosePhone(models, '0123 model:B').options).toEqual(['-t', '2'])
  })

  test('if nothing that lasts tells them apart, the error says so', () => {
    const same = list('0123 device model:A transport_id:1', '0123 device model:A transport_id:2')
    expect(refusal(same)).toContain(
      '0123 transport_id:1 (A), 0123 transport_id:2 (A); the transport',
    )
    expect(choosePhone(same, '0123 transport_id:2').options).toEqual(['-t', '2'])
  })

  test('a phone without a serial number has the name of its place', () => {
    const nameless = list('(no serial number)     device usb:1-2 transport_id:3')
    expect(choosePhone(nameless)).toEqual({ name: 'usb:1-2', options: ['-t', '3'] })
  })
})
