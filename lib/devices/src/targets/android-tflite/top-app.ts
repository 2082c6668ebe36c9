import type { PhoneFolder } from '../../adb/phone-folder.js'

/** Android's profile of the app in the foreground, which may use all cores. */
const TOP_APP = 'SCHED_SP_TOP_APP'

/**
 * Shell script: puts its own process into the profile, as Android's own `am` does (frameworks/base/cmds/am/am;
 * `settaskprofile TID PROFILE` in system/core/libprocessgroup/tools/settaskprofile.cpp, of 2021). Older phones lack it.
 */
const JOIN = `settaskprofile $$ ${TOP_APP} >/dev/null 2>&1`

/**
 * Whether the phone has the tool and lets a shell use it. Otherwise the phone decides which cores a shell's program gets.
 *
 * @throws {LetiError} `device-lost`
 */
export async function givesTopApp(folder: PhoneFolder): Promise<boolean> {
  const { exitCode } = await folder.run(['sh', '-c', JOIN])
  return exitCode === 0
}

/** The command in the profile. It ends with the process, so that nothing is to be restored. */
export function inTopApp(command: readonly string[]): string[] {
  return ['sh', '-c', `${JOIN}; exec "$0" "$@"`, ...command]
}
