/** `am start` and `am force-stop`, with the answers of ActivityManagerShellCommand.java. */
import type { Command } from './server.js'

export interface Intent {
  /** `PACKAGE/ACTIVITY`. */
  readonly component: string
  readonly uri?: string
  /** The string extras. */
  readonly extras: ReadonlyMap<string, string>
}

/** Starts and stops apps for `am`. */
export interface ActivityManager {
  /** Starts an activity; `false` if there is none of that name. */
  start(intent: Intent): Promise<boolean>
  forceStop(packageName: string): void
}

export function am(manager: ActivityManager): Command {
  return async ({ args, out, err }) => {
    const [verb, ...rest] = args
    if (verb === 'force-stop') {
      manager.forceStop(rest[rest.length - 1])
      return 0
    }
    if (verb !== 'start' && verb !== 'start-activity') {
      err(`Unknown command: ${verb}\n`)
      return 255
    }
    const { intent, shouldStop, shouldWait } = parse(rest)
    const [packageName] = intent.component.split('/')
    if (shouldStop) {
      out(`Stopping: ${packageName}\n`)
      manager.forceStop(packageName)
    }
    out(`Starting: Intent { ${describe(intent)} }\n`)
    if (!(await manager.start(intent))) {
      // Like the real command: errors go to stderr, but the exit code is 0.
      const full = intent.component.replace('/.', `/${packageName}.`)
      err(`Error type 3\nError: Activity class {${full}} does not exist.\n`)
      return 0
    }
    if (shouldWait) {
      out(`Status: ok\nLaunchState: COLD\nActivity: ${intent.component}\n`)
      out('TotalTime: 412\nWaitTime: 430\nComplete\n')
    }
    return 0
  }
}

function parse(args: readonly string[]) {
  const extras = new Map<string, string>()
  const found = { component: '', uri: undefined as string | undefined }
  let shouldStop = false
  let shouldWait = false
  for (let i = 0; i < args.length; i++) {
    const argument = args[i]
    if (argument === '-n') found.component = args[++i]
    else if (argument === '-d') found.uri = args[++i]
    else if (argument === '--es' || argument === '-e') {
      extras.set(args[i + 1], args[i + 2])
      i += 2
    } else if (argument === '-S') shouldStop = true
    else if (argument === '-W') shouldWait = true
    else if (!argument.startsWith('-')) found.component ||= argument
    else if (!argument.startsWith('--')) i++
  }
  return { intent: { ...found, extras } satisfies Intent, shouldStop, shouldWait }
}

function describe({ component, uri, extras }: Intent): string {
  const extra = extras.size ? ' (has extras)' : ''
  return `${uri ? `dat=${uri} ` : ''}cmp=${component}${extra}`
}
