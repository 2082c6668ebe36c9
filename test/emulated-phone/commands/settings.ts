import type { PhoneState } from '../state.js'
import type { Command } from './server.js'

/** `settings get|put|delete NAMESPACE KEY [VALUE]`; prints `null` for an unset key. */
export function settings(state: PhoneState): Command {
  return ({ args, out, err }) => {
    const [verb, namespace, key, value] = args
    const name = `${namespace}/${key}`
    if (verb === 'get') out(`${state.settings.get(name) ?? 'null'}\n`)
    else if (verb === 'put' && value !== undefined) state.settings.set(name, value)
    else if (verb === 'delete') out(`Deleted ${Number(state.settings.delete(name))} rows\n`)
    else {
      err('Invalid command\n')
      return 255
    }
    return 0
  }
}

/** Values of the setting for each argument of `svc power stayon`: a bit for each kind of plug. */
const STAY_ON: Readonly<Record<string, string>> = { true: '15', false: '0', usb: '2', ac: '1' }

/** `svc power stayon true|false|usb|ac`: keeps the screen on while plugged in. */
export function svc(state: PhoneState): Command {
  return ({ args: [service, verb, value], err }) => {
    if (service !== 'power' || verb !== 'stayon' || !(value in STAY_ON)) {
      err('Available commands:\n    help     Show information about the subcommands\n')
      return 1
    }
    state.settings.set('global/stay_on_while_plugged_in', STAY_ON[value])
    // The real command also wakes the phone up.
    if (value !== 'false') state.isAwake = true
    return 0
  }
}

/** `input keyevent CODE`: the power keys and the one that unlocks. */
export function input(state: PhoneState): Command {
  return ({ args: [kind, code] }) => {
    if (kind !== 'keyevent') return 0
    const key = code.replace(/^KEYCODE_/, '')
    if (['224', 'WAKEUP'].includes(key)) state.isAwake = true
    else if (['223', 'SLEEP'].includes(key)) state.isAwake = false
    else if (['26', 'POWER'].includes(key)) state.isAwake = !state.isAwake
    else if (['82', 'MENU'].includes(key) && state.isAwake) state.isLocked = false
    return 0
  }
}

/** `wm dismiss-keyguard|size|density`. */
export function wm(state: PhoneState): Command {
  return ({ args: [verb], out, err }) => {
    if (verb === 'dismiss-keyguard') state.isLocked = false
    else if (verb === 'size') out('Physical size: 1080x2400\n')
    else if (verb === 'density') out('Physical density: 420\n')
    else {
      err(`Unknown command: ${verb}\n`)
      return 255
    }
    return 0
  }
}

/** The first version of Android whose `cmd power` has the mode. */
const FIXED_PERFORMANCE_SDK = 30

/** `cmd power set-fixed-performance-mode-enabled true|false`, as PowerManagerShellCommand.java of the Android source. */
export function cmd(state: PhoneState): Command {
  return ({ args: [service, verb, value], out, err }) => {
    if (service !== 'power') {
      err(`cmd: Can't find service: ${service}\n`)
      return 20
    }
    const isKnown = state.identity.sdk >= FIXED_PERFORMANCE_SDK
    if (verb !== 'set-fixed-performance-mode-enabled' || !isKnown) {
      out(`Unknown command: ${verb}\n`)
      return 255
    }
    if (!state.hasFixedPerformance) {
      err('Failed to set FIXED_PERFORMANCE mode\n')
      err('This is likely because Power HAL AIDL is not implemented on this device\n')
      return 255
    }
    state.isPerformanceFixed = value === 'true'
    return 0
  }
}

/** `settaskprofile TID PROFILE...`, as libprocessgroup/tools/settaskprofile.cpp of the Android source. */
export function settaskprofile(state: PhoneState): Command {
  return ({ args: [tid, ...profiles], out, err }) => {
    if (!state.hasTaskProfiles) {
      err('/system/bin/sh: settaskprofile: inaccessible or not found\n')
      return 127
    }
    if (!profiles.length || !Number(tid)) {
      err(profiles.length ? 'Invalid thread id\n' : 'Usage: settaskprofile <tid> <profile>\n')
      return 1
    }
    for (const profile of profiles) {
      state.taskProfiles.push({ tid: Number(tid), profile })
      out(`Profile ${profile} is applied successfully!\n`)
    }
    return 0
  }
}
