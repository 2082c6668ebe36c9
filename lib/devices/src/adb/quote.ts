const SAFE = /^[A-Za-z0-9_@%+=:,./-]+$/

/**
 * Quotes one argument for the phone's `sh`: `adb shell` joins its arguments with spaces and passes them
 * to a POSIX shell, which splits and expands them again.
 */
export function quote(argument: string): string {
  return SAFE.test(argument) ? argument : `'${argument.replaceAll("'", `'\\''`)}'`
}
