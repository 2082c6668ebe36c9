import { LetiError } from '@leti/records'

/** What to do about a phone in a state other than `device`. */
const ADVICE = new Map([
  ['offline', 'unplug it and plug it in again, or run: adb reconnect offline'],
  ['unauthorized', 'unlock it and allow USB debugging in the dialog that it shows'],
  ['authorizing', 'unlock it and allow USB debugging in the dialog that it shows'],
  ['connecting', 'wait a moment, then try again'],
  [
    'no permissions',
    'install the udev rules (Debian: android-sdk-platform-tools-common), join the group plugdev, ' +
      'plug it in again; see http://developer.android.com/tools/device.html',
  ],
  ['recovery', 'it is in recovery mode: start Android'],
  ['rescue', 'it is in rescue mode: start Android'],
  ['sideload', 'it is in sideload mode: start Android'],
  ['bootloader', 'it is in its bootloader: start Android'],
])

/** What to do about a phone in this state of `adb devices`; `undefined` if it is ready. */
export function adviceFor(state: string): string | undefined {
  if (state === 'device') return undefined
  return ADVICE.get(state) ?? 'see `adb devices -l`'
}

/** Whether adb reports this state of a phone; newer versions may have others. */
export function isKnownState(state: string): boolean {
  return state === 'device' || ADVICE.has(state)
}

/** adb's own error messages about the connection, each with the phone's state. */
const LOST: readonly (readonly [RegExp, string])[] = [
  [/device( '.*')? not found|no devices\/emulators found|no device with transport id/, 'not found'],
  [/device( '.*')? offline|device is offline/, 'offline'],
  [/device( '.*')? unauthorized/, 'unauthorized'],
  [/device( '.*')? still authorizing/, 'authorizing'],
  [/device( '.*')? still connecting/, 'connecting'],
  [/insufficient permissions for device|no permissions/, 'no permissions'],
  [/closed|protocol fault|connect failed|connection reset|broken pipe|couldn't read from/i, 'lost'],
]

const ADB_LINE = /^(?:adb: )?(?:error|adb): (.*)$/

/** Of adb's own words. */
const LONGEST = 200

/**
 * adb's own words for a failure: the last line that it marks as its own, else the last line of all.
 *
 * @param outputs of adb, the more telling first
 */
export function adbComplaint(...outputs: string[]): string {
  const lines = outputs.flatMap((text) =>
    text
      .split('\n')
      .map((line) => line.trim())
      .reverse(),
  )
  const own = lines.find((line) => ADB_LINE.test(line))
  return (own ?? lines.find(Boolean) ?? 'it gives no reason').slice(0, LONGEST)
}

/**
 * The state of a phone that adb could not talk to. Errors of programs on the phone are ignored.
 *
 * @param stderr of adb
 * @returns `undefined` if adb reports no such error
 */
export function lostState(stderr: string): string | undefined {
  for (const line of stderr.split('\n')) {
    const complaint = ADB_LINE.exec(line.trim())?.[1]
    const state = complaint && LOST.find(([pattern]) => pattern.test(complaint))?.[1]
    if (state) return state
  }
  return undefined
}

/**
 * The error `device-lost` for a phone in this state, with advice.
 *
 * @param words adb's own, if the state is only that the connection broke
 */
export function deviceLost(name: string, state: string, words?: string): LetiError {
  const why = words ? `; ${words}` : ''
  const messages: Readonly<Record<string, string>> = {
    'not found': `phone ${name} is not attached: check its cable or its Wi-Fi, and \`adb devices -l\``,
    lost: `the connection to phone ${name} broke: check its cable or its Wi-Fi${why}`,
  }
  return new LetiError(
    'device-lost',
    messages[state] ?? `phone ${name} is ${state}: ${adviceFor(state) ?? 'try again'}`,
  )
}
