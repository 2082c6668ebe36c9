import type { Command } from './server.js'

/** `getprop [NAME [DEFAULT]]`: prints an empty line for an unset property. */
export function getprop(properties: ReadonlyMap<string, string>): Command {
  return ({ args, out }) => {
    const [name, whenUnset = ''] = args
    if (name) out(`${properties.get(name) ?? whenUnset}\n`)
    else out([...properties].map(([key, value]) => `[${key}]: [${value}]\n`).join(''))
    return 0
  }
}
