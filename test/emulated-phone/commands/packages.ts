import type { PhoneState } from '../state.js'
import type { Command } from './server.js'

/** `pm path PACKAGE` and `pm list packages [FILTER]`. */
export function pm(state: PhoneState): Command {
  return ({ args, out, err }) => {
    const [verb, name = ''] = args
    if (verb === 'path') {
      if (!state.packages.has(name)) return 1
      out(`package:/data/app/~~Mk9zZ2Vx==/${name}-Q2hyb21l==/base.apk\n`)
      return 0
    }
    if (verb === 'list' && name === 'packages') {
      const filter = args.slice(2).find((argument) => !argument.startsWith('-')) ?? ''
      const names = [...state.packages.keys()].filter((one) => one.includes(filter))
      out(names.map((one) => `package:${one}\n`).join(''))
      return 0
    }
    err(`Unknown command: ${verb}\n`)
    return 255
  }
}
