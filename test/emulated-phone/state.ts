import { PhoneClock } from './clock.js'
import { propertiesOf, type PhoneIdentity } from './identity.js'
import { LogBuffer } from './log-buffer.js'

/** `android.os.PowerManager.THERMAL_STATUS_*`: 0 none, 1 light, 2 moderate, 3 severe, 4 critical. */
export type ThermalStatus = 0 | 1 | 2 | 3 | 4 | 5 | 6

export interface Battery {
  /** Percent. */
  level: number
  /** Degrees Celsius. */
  temperature: number
  /** Whether it is charged over USB. */
  usb: boolean
}

/** The state that the phone's own commands read and change. */
export class PhoneState {
  readonly properties: Map<string, string>
  readonly battery: Battery = { level: 85, temperature: 27.5, usb: true }
  readonly clock = new PhoneClock()
  readonly log = new LogBuffer(this.clock)
  /** `NAMESPACE/KEY` of `settings`. */
  readonly settings = new Map([
    ['global/stay_on_while_plugged_in', '0'],
    ['system/screen_off_timeout', '30000'],
    ['system/screen_brightness', '102'],
  ])
  /** Installed packages: name to version. */
  readonly packages = new Map([
    ['com.android.chrome', '131.0.6778.135'],
    ['com.android.settings', '14'],
    ['org.tensorflow.lite.benchmark', '1.0'],
  ])
  isAwake = true
  isLocked = false
  /** Whether its power HAL has the mode. */
  hasFixedPerformance = true
  isPerformanceFixed = false
  /** Whether it has `settaskprofile`. */
  hasTaskProfiles = true
  /** The profiles that threads were put in, with the threads, oldest first. */
  readonly taskProfiles: { readonly tid: number; readonly profile: string }[] = []
  /** The component in the foreground. */
  foreground = 'com.google.android.apps.nexuslauncher/.NexusLauncherActivity'
  private heat = { status: 0, since: 0, secondsPerStep: Infinity }

  constructor(readonly identity: PhoneIdentity) {
    this.properties = propertiesOf(identity)
  }

  /** Sets the thermal status; it then falls by one every `secondsPerStep`. */
  heatTo(status: ThermalStatus, secondsPerStep = Infinity): void {
    this.heat = { status, since: performance.now(), secondsPerStep }
  }

  get thermalStatus(): number {
    const { status, since, secondsPerStep } = this.heat
    const fallen = Math.floor((performance.now() - since) / 1000 / secondsPerStep)
    return Math.max(status - fallen, 0)
  }
}
