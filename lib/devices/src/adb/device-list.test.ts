import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parseDeviceList } from './device-list.js'
import { adviceFor } from './failure.js'

/** Lines that users have posted, below adb's own header and the messages before it. */
const LIST = readFileSync(new URL('fixtures/devices.txt', import.meta.url), 'utf8')

const parse = (text: string) => parseDeviceList(text) ?? []

test('parses every state', () => {
  expect(parse(LIST)).toEqual([
    {
      serial: 'R58N12ABCDE',
      state: 'device',
      model: 'SM_G991B',
      properties: ['usb:1-3', 'product:o1sxx', 'model:SM_G991B', 'device:o1s'],
      transport: '1',
    },
    {
      serial: 'adb-47031FDAP0011K-gqNYae._adb-tls-connect._tcp',
      state: 'device',
      model: 'Pixel_9',
      properties: ['product:tokay', 'model:Pixel_9', 'device:tokay'],
      transport: '2',
    },
    { serial: '192.168.1.20:5555', state: 'offline', properties: [], transport: '4' },
    {
      serial: '27211JEGR06194',
      state: 'unauthorized',
      properties: ['usb:17825792X'],
      transport: '1',
    },
    { serial: '0A1B2C3D', state: 'authorizing', properties: ['usb:1-2'], transport: '3' },
    { serial: '00000000', state: 'no permissions', properties: ['usb:1-4'], transport: '5' },
    {
      serial: 'ABCDEF1234',
      state: 'recovery',
      model: 'b',
      properties: ['usb:1-5', 'product:a', 'model:b', 'device:c'],
      transport: '6',
    },
  ])
})

test.each(['List of devices attached\n\n', 'List of devices attached\r\n\r\n'])(
  'finds no phone in %j',
  (text) => {
    expect(parseDeviceList(text)).toEqual([])
  },
)

test.each(['', 'garbage', '\0\xff'])('%j is no list', (text) => {
  expect(parseDeviceList(text)).toBeUndefined()
})

test('parses tabs, which adb prints without -l', () => {
  expect(parse('List of devices attached\nemulator-5554\tdevice\n')).toMatchObject([
    { serial: 'emulator-5554', state: 'device' },
  ])
})

// adb of 2016 prints its header first and talks to its server then.
test('messages below the header are no phones', () => {
  const text = `List of devices attached
adb server version (32) doesn't match this client (36); killing...
adb server is out of date.  killing...
* daemon not running. starting it now on port 5037 *
* daemon not running; starting now at tcp:5037
* daemon started successfully *
* failed to start daemon *
error: closed
error: device offline
error: cannot connect to daemon
0A1B2C3D               device product:hammerhead model:Nexus_5 device:hammerhead
????????????           no permissions
`
  expect(parse(text)).toMatchObject([
    { serial: '0A1B2C3D', state: 'device', model: 'Nexus_5' },
    { serial: '????????????', state: 'no permissions' },
  ])
})

test.each([
  ['adb-1A2B3C-xyz (2)._adb-tls-connect._tcp device transport_id:7', 'device'],
  ['(no serial number)     device usb:1-2 transport_id:3', 'device'],
  ['0A1B2C3D               detached usb:1-2 transport_id:3', 'detached'],
  [
    '0A1B2C3D               no permissions; see [http://developer.android.com/tools/device.html] usb:1-4',
    'no permissions',
  ],
])('parses %s', (line, state) => {
  const [phone] = parse(`List of devices attached\n${line}\n`)
  expect(phone.state).toBe(state)
  expect(line.startsWith(phone.serial)).toBe(true)
})

test('gives advice for each state in which a phone is not ready', () => {
  const advice = Object.fromEntries(
    parse(LIST).map((phone) => [phone.state, adviceFor(phone.state)]),
  )
  expect(advice.device).toBeUndefined()
  expect(advice.offline).toContain('adb reconnect')
  expect(advice.unauthorized).toContain('allow USB debugging')
  expect(advice['no permissions']).toContain('udev')
  expect(advice.recovery).toContain('start Android')
  expect(adviceFor('something new')).toContain('adb devices')
})
