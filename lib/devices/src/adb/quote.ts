const SAFE = /^[A-Za-z0-9_@%+=:,./-]+$/

/**
 * One argument as the phone's `sh` must read it: `adb shell` joins its arguments with spaces and hands
 * them to a POSIX shell, which splits and expands them anew.
 */
export function quote(argument: string): string {
  return SAFE.test(argument) ? argument : `'${argument.replaceAll("'", `'\\''`)}'`
}
