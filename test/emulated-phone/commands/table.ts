import type { LogEntry } from '../log-buffer.js'
import type { PhoneProcess } from '../processes.js'
import type { PhoneState } from '../state.js'
import { am, type ActivityManager } from './am.js'
import { dumpsys } from './dumpsys.js'
import { getprop } from './getprop.js'
import { logcat } from './logcat.js'
import { pm } from './packages.js'
import { pidof, pkill, ps } from './processes.js'
import type { Command } from './server.js'
import { cmd, input, settaskprofile, settings, svc, wm } from './settings.js'
import { date, df, printing, uname } from './system.js'

/** The parts of the phone that commands use beside its state. */
export interface System {
  readonly activities: ActivityManager
  processes(): PhoneProcess[]
  isDiskFull(): boolean
  reboot(): void
}

/** The emulated Android commands, by name. */
export function androidCommands(state: PhoneState, system: System): Record<string, Command> {
  const processes = () => system.processes()
  return {
    am: am(system.activities),
    cmd: cmd(state),
    date: date(state.clock),
    df: df(() => system.isDiskFull()),
    dumpsys: dumpsys(state),
    getprop: getprop(state.properties),
    id: printing('uid=2000(shell) gid=2000(shell) groups=2000(shell) context=u:r:shell:s0\n'),
    input: input(state),
    killall: pkill(processes),
    logcat: logcat(state.log),
    logd: logd(state),
    nproc: printing('8\n'),
    pidof: pidof(processes),
    pkill: pkill(processes),
    pm: pm(state),
    ps: ps(processes),
    reboot: () => {
      system.reboot()
      return 0
    },
    settaskprofile: settaskprofile(state),
    settings: settings(state),
    svc: svc(state),
    uname,
    whoami: printing('shell\n'),
    wm: wm(state),
  }
}

/** Not an Android command: emulated programs write to the phone's log with it. */
function logd(state: PhoneState): Command {
  return async ({ lines }) => {
    for await (const line of lines) state.log.add(JSON.parse(line) as Omit<LogEntry, 'time'>)
    return 0
  }
}
