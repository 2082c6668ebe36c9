import { asLetiError, LetiError, type Environment } from '@leti/records'
import { digestFiles, systemReason } from '@leti/records/files'
import { Adb } from '../../adb/adb.js'
import { batteryPercent } from '../../adb/battery.js'
import { fixPerformance, releasePerformance } from '../../adb/fixed-performance.js'
import { conditionsEnvironment, describePhone, readConditions } from '../../adb/phone.js'
import { noteOf, removeLeftovers } from '../../adb/leftovers.js'
import { phoneMachine } from '../../adb/machine.js'
import { PhoneFolder } from '../../adb/phone-folder.js'
import { phoneState } from '../../adb/state.js'
import { awaitCooldown } from '../../adb/thermal.js'
import { awaitPhone } from '../../adb/wait.js'
import type { Protocol } from '../../protocol.js'
import type { DeviceDescription, OpenContext, OpenDevice, Run, Target } from '../../target.js'
import { APP, checkApp, openApp } from './app.js'
import { binaryOf, openBinary } from './binary.js'
import { givesOutputs } from './command.js'
import { openExchange } from './exchange.js'
import { measureModel, type Exchange } from './measure.js'
import { checkSupport, type Runner } from './runner.js'
import { settings, type TfliteDevice } from './settings.js'

/** TFLite on a phone, through adb: the user's `benchmark_model`, or the official benchmark app. */
export const androidTflite: Target<typeof settings> = {
  runtimes: { benchmark_model: ['cpu', 'gpu', 'nnapi'] },
  settings,
  machine: (device, signal) => phoneMachine(device.settings.serial, signal),
  open: openPhone,
  state: (device, signal) =>
    phoneState(device.settings.serial, signal, async (adb) => {
      if (device.settings.runner === 'app') await checkApp(adb)
      else binaryOf(device)
    }),
}

async function openPhone(device: TfliteDevice, context: OpenContext): Promise<OpenDevice> {
  const { runner: kind, serial, threads = 1 } = device.settings
  if (kind !== 'app') binaryOf(device)
  const { fixedPerformance: fixed = false } = context
  const closing = new AbortController()
  const signal = AbortSignal.any([closing.signal, context.signal])
  const adb = new Adb(await awaitPhone(serial, context), signal)
  const folder = new PhoneFolder(adb)
  try {
    const notes = [
      ...(kind === 'app' ? [noteOf.app(APP)] : []),
      ...(fixed ? [noteOf.fixedPerformance] : []),
    ]
    await folder.create(notes)
    await removeLeftovers(adb, folder)
    const phone = await describePhone(adb)
    const runner =
      kind === 'app'
        ? await openApp(adb, folder, signal)
        : await openBinary(device, folder, phone.cpu_abi, fixed)
    checkSupport(runner, device.backend, threads)
    const fixed_performance = fixed && (await fixPerformance(adb, phone.sdk))
    const tool = await toolEnvironment(device, runner)
    const environment = { ...phone, fixed_performance, ...tool }
    return new PhoneDevice(adb, folder, runner, device, environment, closing)
  } catch (error) {
    if (fixed) await releasePerformance(adb, folder)
    await folder.destroy()
    throw error
  }
}

class PhoneDevice implements OpenDevice {
  readonly outlivesModels = true
  /** Path of the model on the phone; empty before the first one. */
  private model = ''

  constructor(
    private readonly adb: Adb,
    private readonly folder: PhoneFolder,
    private readonly runner: Runner,
    private readonly config: TfliteDevice,
    private readonly environment: Environment,
    private readonly closing: AbortController,
  ) {}

  describe(): DeviceDescription {
    const { runtime, backend, settings } = this.config
    return { runtime, backend, threads: settings.threads ?? 1, environment: this.environment }
  }

  async run(modelPath: string, protocol: Protocol): Promise<Run> {
    const { runner } = this
    const { backend, threads } = this.describe()
    const before = await readConditions(this.adb)
    const graph = await this.putModel(modelPath)
    const exchange = await this.openExchange(modelPath)
    const setting = { runner, backend, threads, graph, ...(exchange && { exchange }) }
    const run = await measureModel(setting, protocol)
    const after = await readConditions(this.adb)
    return { ...run, environment: conditionsEnvironment(before, after) }
  }

  coolDown(seconds: number): Promise<boolean> {
    return awaitCooldown(this.adb, seconds)
  }

  batteryPercent(): Promise<number | undefined> {
    return batteryPercent(this.adb)
  }

  async close(): Promise<void> {
    this.closing.abort()
    await this.runner.close()
    if (this.environment.fixed_performance) await releasePerformance(this.adb, this.folder)
    await this.folder.destroy()
  }

  /** Pushes a model in place of the last one; the same model is not pushed again. */
  private async putModel(modelPath: string): Promise<string> {
    const name = `${await digestOf(modelPath)}.tflite`
    const remote = `${this.folder.path}/${name}`
    if (this.model && this.model !== remote) await this.folder.delete(this.model)
    this.model = remote
    return this.folder.put(modelPath, name)
  }

  private async openExchange(modelPath: string): Promise<Exchange | undefined> {
    if (!givesOutputs(this.runner.tool)) return undefined
    const { floatInputShapes } = await import('@leti/formats')
    const shapes = await floatInputShapes(modelPath)
    return shapes && openExchange(this.adb, this.folder, shapes)
  }
}

/** @throws {LetiError} `bad-model`, `unsupported`, `model-failed` if the file cannot be read */
async function digestOf(path: string): Promise<string> {
  try {
    return (await digestFiles([path])).sha256
  } catch (error) {
    const unreadable = `cannot read ${path}: ${systemReason(error)}`
    throw asLetiError(error) ?? new LetiError('model-failed', unreadable, { cause: error })
  }
}

/** The part of the environment that describes the tool. */
async function toolEnvironment(
  device: TfliteDevice,
  { name, tool, isTopApp }: Runner,
): Promise<Environment> {
  return {
    runner: name,
    ...(isTopApp !== undefined && { top_app: isTopApp }),
    generation: tool.generation,
    ...(name === 'binary' && { benchmark_model_sha256: await digestOf(binaryOf(device)) }),
    // Both generations let a GPU compute in half precision by default.
    ...(device.backend === 'gpu' && { half_precision_allowed: true }),
  }
}
