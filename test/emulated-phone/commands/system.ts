import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { PhoneClock } from '../clock.js'
import type { Command } from './server.js'

/** `date [+FORMAT]`, from the phone's clock. */
export function date(clock: PhoneClock): Command {
  return async ({ args, out }) => {
    const at = `@${(clock.now().getTime() / 1000).toFixed(3)}`
    const { stdout } = await promisify(execFile)('/bin/date', ['-d', at, ...args])
    out(stdout)
    return 0
  }
}

/** `df [-k|-h] [PATH]` of /data, as toybox prints it. */
export function df(isFull: () => boolean): Command {
  return ({ out }) => {
    const [total, used] = isFull() ? [115_249_236, 115_249_236] : [115_249_236, 21_407_816]
    const percent = Math.ceil((used * 100) / total)
    out(
      'Filesystem       1K-blocks      Used Available Use% Mounted on\n' +
        `/dev/block/dm-50 ${total} ${String(used).padStart(9)} ${String(total - used).padStart(9)} ` +
        `${String(percent).padStart(3)}% /data\n`,
    )
    return 0
  }
}

/** A command that always prints the same text. */
export function printing(text: string): Command {
  return ({ out }) => {
    out(text)
    return 0
  }
}

/** `uname` of an arm64 phone. */
export const uname: Command = ({ args, out }) => {
  const flag = args[0] ?? '-s'
  const release = '5.10.177-android13-4-00003-ga7208022a7ea'
  const known: Readonly<Record<string, string>> = {
    '-a': `Linux localhost ${release} #1 SMP PREEMPT aarch64 Toybox`,
    '-m': 'aarch64',
    '-r': release,
    '-s': 'Linux',
  }
  out(`${known[flag] ?? 'Linux'}\n`)
  return 0
}
