import { chmodSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The program of each emulated Android command. */
export const COMMAND_CLIENT = fileURLToPath(new URL('client.js', import.meta.url))

/** Programs that a phone's toybox also has. Nothing else of this computer is on the phone's PATH. */
const TOYBOX = [
  ...['awk', 'base64', 'basename', 'cat', 'chmod', 'cksum', 'cmp', 'cp', 'cut', 'dd', 'dirname'],
  ...['du', 'echo', 'env', 'expr', 'false', 'find', 'grep', 'gzip', 'head', 'ln', 'ls', 'md5sum'],
  ...['mkdir', 'mktemp', 'mv', 'nice', 'nohup', 'od', 'printenv', 'printf', 'pwd', 'readlink'],
  ...['realpath', 'rm', 'rmdir', 'sed', 'seq', 'setsid', 'sh', 'sha1sum', 'sha256sum', 'sleep'],
  ...['sort', 'stat', 'tail', 'tar', 'tee', 'test', 'timeout', 'touch', 'tr', 'true', 'truncate'],
  ...['uniq', 'wc', 'which', 'xargs', 'xxd'],
]

/** Ignores the mask, since this computer has other cores than the phone. */
const TASKSET = '#!/bin/sh\nshift\nexec "$@"\n'

/** Creates the phone's programs in a folder. */
export function installPrograms(bin: string, commands: readonly string[]): void {
  mkdirSync(bin, { recursive: true })
  for (const name of TOYBOX) {
    const program = ['/bin', '/usr/bin'].map((folder) => join(folder, name)).find(existsSync)
    if (program) symlinkSync(program, join(bin, name))
  }
  for (const name of commands) {
    install(bin, name, `#!/bin/sh\nexec "${process.execPath}" "${COMMAND_CLIENT}" ${name} "$@"\n`)
  }
  install(bin, 'taskset', TASKSET)
}

function install(bin: string, name: string, text: string): void {
  const program = join(bin, name)
  writeFileSync(program, text)
  chmodSync(program, 0o755)
}
