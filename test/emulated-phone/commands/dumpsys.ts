/**
 * The parts of `dumpsys` about the battery, the temperature, the GPU and the screen, in the format of
 * Android 14 (BatteryService.java, ThermalManagerService.java, SurfaceFlinger.cpp, PowerManagerService.java
 * of the Android source; public dumps, such as in pytorch/executorch#11301 and zebrunner/mcloud-device#150).
 */
import type { PhoneState } from '../state.js'
import type { Command } from './server.js'

type Dump = (state: PhoneState) => string

const SERVICES: Readonly<Record<string, Dump>> = {
  SurfaceFlinger: surfaceFlinger,
  battery,
  power,
  thermalservice,
  window,
}

export function dumpsys(state: PhoneState): Command {
  return ({ args, out, err }) => {
    const [service] = args
    if (service === '-l') {
      out(
        `Currently running services:\n${Object.keys(SERVICES)
          .sort()
          .map((name) => `  ${name}\n`)
          .join('')}`,
      )
      return 0
    }
    const dump = SERVICES[service]
    if (!dump) {
      err(`Can't find service: ${service}\n`)
      return 0
    }
    out(dump(state))
    return 0
  }
}

function battery({ battery: { level, temperature, usb } }: PhoneState): string {
  const lines = [
    'AC powered: false',
    `USB powered: ${usb}`,
    'Wireless powered: false',
    'Dock powered: false',
    'Max charging current: 500000',
    'Max charging voltage: 5000000',
    `Charge counter: ${Math.round(level * 43_550)}`,
    `status: ${usb ? 2 : 3}`,
    'health: 2',
    'present: true',
    `level: ${level}`,
    'scale: 100',
    'voltage: 4218',
    `temperature: ${Math.round(temperature * 10)}`,
    'technology: Li-ion',
  ]
  return `Current Battery Service state:\n${lines.map((line) => `  ${line}\n`).join('')}`
}

function thermalservice(state: PhoneState): string {
  const status = state.thermalStatus
  const skin = 31 + 4 * status
  const temperature = (value: number, type: number, name: string, own: number) =>
    `\tTemperature{mValue=${value.toFixed(1)}, mType=${type}, mName=${name}, mStatus=${own}}\n`
  const temperatures = [
    temperature(skin + 9.4, 0, 'BIG', 0),
    temperature(skin + 6.1, 1, 'G3D', 0),
    temperature(state.battery.temperature, 2, 'battery', 0),
    temperature(skin, 3, 'VIRTUAL-SKIN', status),
  ].join('')
  return [
    'IsStatusOverride: false\n',
    'ThermalEventListeners:\n\tcallbacks: 1\n\tkilled: false\n\tbroadcasts count: -1\n',
    'ThermalStatusListeners:\n\tcallbacks: 2\n\tkilled: false\n\tbroadcasts count: -1\n',
    `Thermal Status: ${status}\n`,
    `Cached temperatures:\n${temperatures}`,
    'HAL Ready: true\nHAL connection:\n\tThermalHAL AIDL 1  connected: yes\n',
    `Current temperatures from HAL:\n${temperatures}`,
    'Current cooling devices from HAL:\n',
    `\tCoolingDevice{mValue=${status}, mType=3, mName=thermal-gpufreq-0}\n`,
    'Temperature static thresholds from HAL:\n',
  ].join('')
}

function surfaceFlinger({ identity: { gpu } }: PhoneState): string {
  return [
    'Build configuration: [sf HAS_CONTEXT_PRIORITY=1 PRESENT_TIME_OFFSET=0]\n',
    '\nDisplay identification data:\n',
    'Display 4619827677550801152 (HWC display 0): port=0 pnpId=GGL displayName="Common Panel"\n',
    '\n  refresh-rate              : 60.00 Hz\n',
    '------------RE GLES (Ganesh)------------\n',
    'EGL implementation : 1.5\n',
    `GLES: ${gpu.vendor}, ${gpu.renderer}, ${gpu.version}\n`,
    'RenderEngine supports protected context: 1\n',
  ].join('')
}

function power(state: PhoneState): string {
  const stayOn = Number(state.settings.get('global/stay_on_while_plugged_in')) > 0
  return [
    'POWER MANAGER (dumpsys power)\n\nPower Manager State:\n',
    `  mIsPowered=${state.battery.usb}\n  mPlugType=${state.battery.usb ? 2 : 0}\n`,
    `  mBatteryLevel=${state.battery.level}\n`,
    `  mWakefulness=${state.isAwake ? 'Awake' : 'Asleep'}\n`,
    `  mStayOn=${stayOn && state.battery.usb}\n`,
    `Display Power: state=${state.isAwake ? 'ON' : 'OFF'}\n`,
  ].join('')
}

function window(state: PhoneState): string {
  return [
    'WINDOW MANAGER POLICY STATE (dumpsys window policy)\n',
    `    showing=${state.isLocked}\n`,
    `    mDreamingLockscreen=${state.isLocked}\n`,
    '\nWINDOW MANAGER WINDOWS (dumpsys window windows)\n',
    `  mCurrentFocus=Window{2f2f7d7 u0 ${state.isLocked ? 'NotificationShade' : state.foreground}}\n`,
  ].join('')
}
