import type { Adb, ShellResult } from './adb.js'

/** `cmd power set-fixed-performance-mode-enabled` of Android 11 and later; a phone without the mode refuses. */
export function setFixedPerformance(adb: Adb, enabled: boolean): Promise<ShellResult> {
  return adb.shell(['cmd', 'power', 'set-fixed-performance-mode-enabled', `${enabled}`])
}
