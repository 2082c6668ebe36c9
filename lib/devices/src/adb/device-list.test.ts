import { expect, test } from 'vitest'
import { choosePhone, parseDeviceList } from './device-list.js'
import { adviceFor } from './failure.js'

/** Lines that users have posted, below adb's own header and the messages before it. */
const LIST = `* daemon not running; starting now at tcp:5037
* daemon started successfully
List of devices attached
R58N12ABCDE            device usb:1-3 product:o1sxx model:SM_G991B device:o1s transport_id:1
adb-47031FDAP0011K-gqNYae._adb-tls-connect._tcp device product:tokay model:Pixel_9 device:tokay transport_id:2
192.168.1.20:5555      offline transport_id:4
27211JEGR06194         unauthorized usb:17825792X transport_id:1
0A1B2C3D               authorizing usb:1-2 transport_id:3
00000000               no permissions (user in plugdev group; are your udev rules wrong?); see [http://developer.android.com/tools/device.html] usb:1-4 transport_id:5
ABCDEF1234             recovery usb:1-5 product:a model:b device:c transport_id:6

`

test('parses every state', () => {
  expect(parseDeviceList(LIST)).toEqual([
    { serial: 'R58N12ABCDE', state: 'device', model: 'SM_G991B' },
    {
      serial: 'adb-47031FDAP0011K-gqNYae._adb-tls-connect._tcp',
      state: 'device',
      model: 'Pixel_9',
    },
    { serial: '192.168.1.20:5555', state: 'offline' },
    { serial: '27211JEGR06194', state: 'unauthorized' },
    { serial: '0A1B2C3D', state: 'authorizing' },
    { serial: '00000000', state: 'no permissions' },
    { serial: 'ABCDEF1234', state: 'recovery', model: 'b' },
  ])
})

test.each(['', 'List of devices attached\n\n', 'List of devices attached\r\n\r\n', 'garbage'])(
  'finds no phone in %j',
  (text) => {
    expect(parseDeviceList(text)).toEqual([])
  },
)

test('parses tabs, which adb prints without -l', () => {
  expect(parseDeviceList('List of devices attached\nemulator-5554\tdevice\n')).toEqual([
    { serial: 'emulator-5554', state: 'device' },
  ])
})

test('gives advice for each state in which a phone is not ready', () => {
  const advice = Object.fromEntries(
    parseDeviceList(LIST).map((phone) => [phone.state, adviceFor(phone.state)]),
  )
  expect(advice.device).toBeUndefined()
  expect(advice.offline).toContain('adb reconnect')
  expect(advice.unauthorized).toContain('allow USB debugging')
  expect(advice['no permissions']).toContain('udev')
  expect(advice.recovery).toContain('start Android')
  expect(adviceFor('something new')).toContain('adb devices')
})

test('chooses the only phone that is ready', () => {
  const [ready, , offline] = parseDeviceList(LIST)
  expect(choosePhone([offline, ready])).toBe('R58N12ABCDE')
})

test.each([
  ['no phone', [], undefined, 'device-lost', 'no phone is attached'],
  [
    'several phones',
    parseDeviceList(LIST),
    undefined,
    'usage',
    'R58N12ABCDE (SM_G991B), adb-47031',
  ],
  ['an unknown phone', parseDeviceList(LIST), 'nobody', 'device-lost', 'nobody is not attached'],
  ['an offline phone', parseDeviceList(LIST), '192.168.1.20:5555', 'device-lost', 'reconnect'],
  ['only a locked phone', parseDeviceList(LIST).slice(3, 4), undefined, 'device-lost', 'allow USB'],
])('%s: the error says what to do', (_name, phones, serial, code, message) => {
  expect(() => choosePhone(phones, serial)).toThrow(
    expect.objectContaining({ code, message: expect.stringContaining(message) as string }),
  )
})
