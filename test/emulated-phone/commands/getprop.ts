import type { Command } from './server.js'

/** `getprop [NAME [DEFAULT]]`: a property that is not set is an empty line. */
export function getprop(properties: ReadonlyMap<string, string>): Command {
  return ({ args, out }) => {
    const [name, whenUnset = ''] = args
    if (name) out(`${properties.get(name) ?? whenUnset}\n`)
    else out([...properties].map(([key, value]) => `[${key}]: [${value}]\n`).join(''))
    return 0
  }
}
