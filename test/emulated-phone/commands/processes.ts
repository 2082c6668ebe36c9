import { basename } from 'node:path'
import type { PhoneProcess } from '../processes.js'
import type { Command } from './server.js'

type Processes = () => PhoneProcess[]

/** `ps [-A]`: lists only the phone's processes. */
export function ps(processes: Processes): Command {
  return ({ out }) => {
    const lines = processes().map(
      ({ pid, command }) =>
        `shell        ${String(pid).padStart(6)}      1 10756628   4096 0                   0 S ${command}\n`,
    )
    out(`USER            PID   PPID     VSZ    RSS WCHAN            ADDR S NAME\n${lines.join('')}`)
    return 0
  }
}

/** `pidof NAME`. */
export function pidof(processes: Processes): Command {
  return ({ args, out }) => {
    const pids = named(processes(), args[0], false)
    if (!pids.length) return 1
    out(`${pids.join(' ')}\n`)
    return 0
  }
}

/** `pkill [-SIGNAL] [-f] NAME` and `killall`: reach only the phone's processes. */
export function pkill(processes: Processes): Command {
  return ({ args }) => {
    const isWhole = args.includes('-f')
    const name = args.find((argument) => !argument.startsWith('-')) ?? ''
    const signal = args.find((argument) => /^-(?:\d+|[A-Z]+)$/.test(argument))?.slice(1) ?? 'TERM'
    const pids = named(processes(), name, isWhole)
    for (const pid of pids) process.kill(pid, signalOf(signal))
    return pids.length ? 0 : 1
  }
}

function named(processes: PhoneProcess[], name: string, isWhole: boolean): number[] {
  return processes
    .filter(({ command }) =>
      isWhole
        ? command.includes(name)
        : // The program, or the script that it interprets.
          command
            .split(' ')
            .slice(0, 2)
            .some((word) => basename(word) === basename(name)),
    )
    .map(({ pid }) => pid)
}

function signalOf(text: string): number | NodeJS.Signals {
  return /^\d+$/.test(text) ? Number(text) : (`SIG${text.replace(/^SIG/, '')}` as NodeJS.Signals)
}
