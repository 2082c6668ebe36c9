import { expect, test } from 'vitest'
import { parseBattery } from './battery.js'
import { conditionsEnvironment, parseGpu, parseProperties, toPhone } from './phone.js'
import { parseThermalStatus } from './thermal.js'

const PROPERTIES = `[ro.build.fingerprint]: [google/shiba/shiba:14/UD1A.230803.041/10808477:user/release-keys]
[ro.build.version.release]: [14]
[ro.build.version.sdk]: [34]
[ro.product.cpu.abi]: [arm64-v8a]
[ro.product.manufacturer]: [Google]
[ro.product.model]: [Pixel 8]
[ro.soc.manufacturer]: [Google]
[ro.soc.model]: [Tensor G3]
[ro.board.platform]: [zuma]
[persist.sys.empty]: []
`

test('reads the properties', () => {
  expect(toPhone(parseProperties(PROPERTIES))).toEqual({
    model: 'Google Pixel 8',
    android: '14',
    sdk: 34,
    build: 'google/shiba/shiba:14/UD1A.230803.041/10808477:user/release-keys',
    soc: 'Google Tensor G3',
    cpu_abi: 'arm64-v8a',
  })
})

test('names the SoC by its platform before Android 12', () => {
  const properties = parseProperties(
    PROPERTIES.replace(/^\[ro\.soc.*\n/gm, '').replaceAll('\n', '\r\n'),
  )
  expect(toPhone(properties).soc).toBe('zuma')
})

test('reads nothing from a phone without properties', () => {
  expect(toPhone(parseProperties('getprop: not found'))).toEqual({})
})

// Lines of real phones: a Galaxy S23 (Adreno 730) and a Pixel 6 (Mali-G78).
test.each([
  [
    'GLES: Qualcomm, Adreno (TM) 730, OpenGL ES 3.2 V@0615.60 (GIT@16c1863, I6928db2619, 1674201211) (Date:01/19/23)',
    'Qualcomm Adreno (TM) 730',
    'OpenGL ES 3.2 V@0615.60 (GIT@16c1863, I6928db2619, 1674201211) (Date:01/19/23)',
  ],
  [
    'GLES: ARM, Mali-G78, OpenGL ES 3.2 v1.r34p0-01eac0.a1b116bd871d46ef040e8feef9ed691e',
    'ARM Mali-G78',
    'OpenGL ES 3.2 v1.r34p0-01eac0.a1b116bd871d46ef040e8feef9ed691e',
  ],
])('%s', (line, gpu, driver) => {
  const dump = `Build configuration: [sf PRESENT_TIME_OFFSET=0]\n EGL implementation : 1.5\n ${line}\n GL_EXT_debug_marker\n`
  expect(parseGpu(dump)).toEqual({ gpu, gpu_driver: driver })
})

test('finds no GPU in a dump without one', () => {
  expect(parseGpu("Can't find service: SurfaceFlinger")).toEqual({})
})

// A Galaxy S24, whose manufacturer appends a log of older states.
const BATTERY = `Current Battery Service state:
  AC powered: false
  USB powered: true
  status: 2
  health: 2
  level: 75
  scale: 100
  voltage: 4156
  temperature: 357
  Capacity level: -1
[EventLogBuffer]
08-11 18:34:14.721  Sending ACTION_BATTERY_CHANGED: level:72, health:2, voltage:4120, temperature:345
`

test('reads the battery in percent and degrees', () => {
  expect(parseBattery(BATTERY)).toEqual({ percent: 75, temperatureC: 35.7 })
  expect(parseBattery(BATTERY.replace('temperature: 357', 'temperature: -55')).temperatureC).toBe(
    -5.5,
  )
  expect(parseBattery(BATTERY.replace('scale: 100', 'scale: 150')).percent).toBe(50)
  expect(parseBattery("Can't find service: battery")).toEqual({})
})

// A Xiaomi 13T Pro with Android 16, shortened.
const THERMAL = (status: number) => `IsStatusOverride: false
ThermalStatusListeners:
\tcallbacks: 7
Thermal Status: ${status}
Cached temperatures:
\tTemperature{mValue=84.208, mType=0, mName=CPU, mStatus=0}
HAL Ready: true
`

test.each(['none', 'light', 'moderate', 'severe', 'critical', 'emergency', 'shutdown'])(
  'thermal status %s',
  (name) => {
    const names = ['none', 'light', 'moderate', 'severe', 'critical', 'emergency', 'shutdown']
    expect(parseThermalStatus(THERMAL(names.indexOf(name)))).toBe(name)
  },
)

test('a thermal status that is missing or unknown is undefined', () => {
  expect(parseThermalStatus('IsStatusOverride: false\nHAL Ready: false\n')).toBeUndefined()
  expect(parseThermalStatus(THERMAL(9))).toBeUndefined()
})

test('the environment of a run has the temperatures before and after', () => {
  expect(
    conditionsEnvironment(
      { thermal_status: 'none', battery_percent: 80, battery_temperature_c: 30.1 },
      { thermal_status: 'light', battery_percent: 79, battery_temperature_c: 34 },
    ),
  ).toEqual({
    thermal_status_before: 'none',
    thermal_status_after: 'light',
    battery_temperature_before_c: 30.1,
    battery_temperature_after_c: 34,
    battery_percent: 79,
  })
  expect(conditionsEnvironment({}, {})).toEqual({})
})
