import { statSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { constants } from 'node:os'
import { dirname, join } from 'node:path'
import { LetiError } from '@leti/records'
import { parseHelp, type Tool } from './command.js'
import { complaintOf } from './complaint.js'
import type { PhoneFolder } from '../../adb/phone-folder.js'
import type { Runner } from './runner.js'
import type { TfliteDevice } from './settings.js'
import { givesTopApp, inTopApp } from './top-app.js'

const NAME = 'benchmark_model'
/** LiteRT loads its runtime and its accelerators from libraries, which lie beside the tool. */
const LIBRARY = /^libLiteRt\w*\.so$/
const HELP_MS = 10_000
/** No limit in practice: `--timeout` closes the device long before. */
const LONGEST_MS = 3_600_000

const WHERE =
  'set "benchmark_model" to the program for Android; see ' +
  'https://ai.google.dev/edge/litert/models/measurement'

/** What both generations print if the accelerator must run the whole model and cannot. */
const NOT_ALL = /Some ops are not accelerated|Disallowed CPU fallback detected/

/**
 * Puts the user's `benchmark_model` on the phone and reads its flags.
 *
 * @param abi the phone's instruction set, for error messages
 * @param isFixed whether the program gets the cores of the app in the foreground, if the phone can do so
 * @throws {LetiError} `usage` if the file is not such a program, or not for this phone
 */
export async function openBinary(
  device: TfliteDevice,
  folder: PhoneFolder,
  abi: string | undefined,
  isFixed: boolean,
): Promise<Runner> {
  const local = binaryOf(device)
  for (const name of await readdir(dirname(local))) {
    const library = join(dirname(local), name)
    if (LIBRARY.test(name) && isFile(library)) await folder.put(library, name)
  }
  const program = await folder.put(local, NAME, '755')
  const late = new LetiError('usage', `${local} is not a benchmark_model: its --help does not end`)
  const help = await folder.run([program, '--help'], { timeout: HELP_MS, late })
  const said = `${help.stdout}\n${help.stderr}`
  const tool = parseHelp(said)
  if (!tool) {
    const phone = `a phone with ${abi ?? 'an unknown processor'}`
    throw new LetiError(
      'usage',
      `${local} is not a benchmark_model for ${phone}: ${complaintOf(said)}`,
    )
  }
  return new BinaryRunner(folder, program, tool, isFixed && (await givesTopApp(folder)))
}

/**
 * The path of the device's `benchmark_model`.
 *
 * @throws {LetiError} `usage` if the setting is missing or names no regular file
 */
export function binaryOf(device: TfliteDevice): string {
  const local = device.settings.benchmark_model
  if (local === undefined) throw new LetiError('usage', `device "${device.name}": ${WHERE}`)
  if (isFile(local)) return local
  throw new LetiError('usage', `device "${device.name}": no file ${local}; ${WHERE}`)
}

/** adb would push a whole folder, and read a pipe or a device without end. */
function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false
}

class BinaryRunner implements Runner {
  readonly name = 'binary'

  constructor(
    private readonly folder: PhoneFolder,
    private readonly program: string,
    readonly tool: Tool,
    readonly isTopApp: boolean,
  ) {}

  async invoke(flags: readonly string[]): Promise<string> {
    const plain = [this.program, ...flags]
    const command = this.isTopApp ? inTopApp(plain) : plain
    const { stdout, stderr, exitCode } = await this.folder.run(command, {
      timeout: LONGEST_MS,
    })
    // Errors come on stderr; results come on either, depending on the generation.
    const said = `${stdout}\n${stderr}`
    if (exitCode === 0) return said
    if (NOT_ALL.test(said)) throw new LetiError('partial-delegation', complaintOf(said))
    if (exitCode > 128) {
      throw new LetiError(
        'device-crashed',
        `${NAME} died (${signalOf(exitCode)}): ${complaintOf(said)}`,
      )
    }
    throw new LetiError('model-failed', complaintOf(said))
  }

  close(): Promise<void> {
    // `PhoneFolder.destroy` ends it.
    return Promise.resolve()
  }
}

/** A shell reports a program that a signal ended as 128 plus the signal's number. */
function signalOf(exitCode: number): string {
  const name = Object.entries(constants.signals).find(
    ([, number]) => number === exitCode - 128,
  )?.[0]
  return name ?? `exit code ${exitCode}`
}
