/**
 * The emulated `benchmark_model`: runs the model of `--graph` in LiteRT's wasm on this computer, and prints
 * what the real tool of its generation prints.
 */
import { existsSync, readFileSync } from 'node:fs'
import { BEHAVIOR_FILE, modelsFile, type BenchmarkBehavior } from './behavior.js'
import { runCompiled } from './compiled.js'
import { behaviorWith, hang } from './faults.js'
import { COMPILED_FLAGS, INTERPRETER_FLAGS, parseFlags, usage } from './flags.js'
import { runInterpreter } from './interpreter.js'
import { activity, exit, logAsOldTool, openLog, tool } from './log.js'

/** Defined when the program is bundled. */
declare const GENERATION: 'interpreter' | 'compiled'

async function main(args: string[]): Promise<boolean> {
  const flags = GENERATION === 'interpreter' ? INTERPRETER_FLAGS : COMPILED_FLAGS
  const parsed = parseFlags(args, flags)
  if (args.includes('--help') && behavior.fault === 'hang-help') await hang()
  for (const error of parsed.errors) tool.error(error)
  if (parsed.errors.length || args.includes('--help') || parsed.values.help) {
    tool.error(usage(process.argv[1], flags))
    return false
  }
  if (parsed.unknown.length) tool.warn(`Unconsumed cmdline flags: ${parsed.unknown.join(' ')}`)
  tool.info('Log parameter values verbosely: [0]')
  for (const line of parsed.log) tool.info(line)
  const run = GENERATION === 'interpreter' ? runInterpreter : runCompiled
  const graph = String(parsed.values.graph)
  if (!file || !existsSync(graph)) return run(parsed, behavior)
  return run(parsed, behaviorWith(graph, behavior, modelsFile(file)))
}

const file = process.env[BEHAVIOR_FILE]

// The real tool does not print the messages of LiteRT.js.
for (const method of ['log', 'info', 'warn', 'error'] as const) console[method] = () => undefined
const behavior = file ? (JSON.parse(readFileSync(file, 'utf8')) as BenchmarkBehavior) : {}
if (behavior.old) logAsOldTool()
openLog()
const { EMULATED_APP: app } = process.env
const args = process.argv.slice(2)
// In the app, the tool is a library that does not print these lines; the process has the app's name.
if (app) {
  process.title = app
  // Set before this line is logged: its readers find the process by its name.
  activity.info(`Running TensorFlow Lite benchmark with args: ${args.join(' ')}`)
} else tool.info('STARTING!')
void main(args)
  .catch((error: unknown) => {
    tool.error(String(error))
    return false
  })
  .then((succeeded) => {
    if (!succeeded && !app) tool.error('Benchmarking failed.')
    exit(succeeded ? 0 : 1)
  })
