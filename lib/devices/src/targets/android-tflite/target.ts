import { readFile } from 'node:fs/promises'
import { LetiError, messageOf, type Environment } from '@leti/records'
import { Adb } from '../../adb/adb.js'
import { conditionsEnvironment, describePhone, readConditions } from '../../adb/phone.js'
import { phoneState } from '../../adb/state.js'
import { awaitCooldown } from '../../adb/thermal.js'
import { awaitPhone } from '../../adb/wait.js'
import type { Protocol } from '../../protocol.js'
import type {
  DeviceConfig,
  DeviceDescription,
  OpenDevice,
  Opening,
  Run,
  Target,
} from '../../target.js'
import { checkApp, openApp } from './app.js'
import { binaryOf, openBinary } from './binary.js'
import { givesOutputs } from './command.js'
import { openExchange } from './exchange.js'
import { measureModel, type Exchange } from './measure.js'
import { PhoneFolder, sha256 } from './phone-folder.js'
import { checkSetting, type Runner } from './runner.js'

const RUNTIME = 'benchmark_model'
const RUNNERS = ['binary', 'app']

/** A phone's own TFLite, through adb: the user's `benchmark_model`, or the official benchmark app. */
export const androidTflite: Target = {
  runtimes: {
    [RUNTIME]: { format: 'tflite', backends: ['cpu', 'gpu', 'nnapi'], profiles: true },
  },
  settings: ['serial', 'benchmark_model', 'runner', 'threads'],
  open: openPhone,
  state: (device) =>
    phoneState(device.serial, async (adb) => {
      if (runnerOf(device) === 'app') await checkApp(adb)
      else binaryOf(device)
    }),
}

async function openPhone(device: DeviceConfig, how: Opening): Promise<OpenDevice> {
  const kind = runnerOf(device)
  if (kind === 'binary') binaryOf(device)
  const closing = new AbortController()
  const signal = AbortSignal.any([closing.signal, how.signal])
  const adb = new Adb(await awaitPhone(device.serial, how), signal)
  const folder = new PhoneFolder(adb, device.name)
  try {
    await folder.create()
    const phone = await describePhone(adb)
    const runner =
      kind === 'app' ? await openApp(adb, folder) : await openBinary(device, folder, phone.cpu_abi)
    const backend = device.backend ?? 'cpu'
    checkSetting(runner, backend, device.threads ?? 1)
    const environment = { ...phone, ...(await toolEnvironment(device, runner, backend)) }
    return new PhoneDevice(adb, folder, runner, { ...device, backend }, environment, closing)
  } catch (error) {
    await folder.destroy()
    throw error
  }
}

class PhoneDevice implements OpenDevice {
  readonly outlivesModels = true
  private readonly backend: string
  private readonly threads: number
  /** The model that lies on the phone. */
  private model = ''

  constructor(
    private readonly adb: Adb,
    private readonly folder: PhoneFolder,
    private readonly runner: Runner,
    { backend, threads = 1 }: DeviceConfig & { readonly backend: string },
    private readonly environment: Environment,
    private readonly closing: AbortController,
  ) {
    this.backend = backend
    this.threads = threads
  }

  get machine(): string {
    return this.adb.serial
  }

  describe(): DeviceDescription {
    const { backend, threads, environment } = this
    return { runtime: RUNTIME, backend, threads, environment }
  }

  async run(modelPath: string, protocol: Protocol): Promise<Run> {
    const { runner, backend, threads } = this
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

  async close(): Promise<void> {
    this.closing.abort()
    await this.runner.close()
    await this.folder.destroy()
  }

  /** The same model again is not pushed again; another takes its place. */
  private async putModel(modelPath: string): Promise<string> {
    const name = `${sha256(await readModel(modelPath))}.tflite`
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

/** @throws {LetiError} `model-failed` */
async function readModel(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path)
  } catch (error) {
    throw new LetiError('model-failed', messageOf(error), { cause: error })
  }
}

/** What ran the models, for the record. */
async function toolEnvironment(
  device: DeviceConfig,
  { name, tool }: Runner,
  backend: string,
): Promise<Environment> {
  return {
    runner: name,
    generation: tool.generation,
    ...(name === 'binary' && { benchmark_model_sha256: sha256(await readFile(binaryOf(device))) }),
    // Both generations let a GPU compute in half precision unless told otherwise.
    ...(backend === 'gpu' && { half_precision_allowed: true }),
  }
}

function runnerOf(device: DeviceConfig): string {
  const runner = device.runner ?? RUNNERS[0]
  if (RUNNERS.includes(runner)) return runner
  throw new LetiError(
    'usage',
    `device "${device.name}": unknown runner "${runner}"; known: ${RUNNERS.join(', ')}`,
  )
}
