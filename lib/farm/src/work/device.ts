import {
  lockMachines,
  measureRecord,
  MeasuringDevice,
  RecordModel,
  type DeviceConfig,
  type Judge,
  type Lock,
  type MeasuringOptions,
  type ModelMaker,
  type OnHost,
} from '@leti/devices'
import { USUAL } from '@leti/devices/usual'
import { asLetiError, messageOf, type LetiRecord } from '@leti/records'
import type { FarmJob, JobProtocol } from '../job.js'
import type { Models } from '../models.js'

/** A device as the farm uses it. */
export interface FarmDevice {
  readonly name: string
  /**
   * Looks whether the device can measure now, and opens it if it is not open.
   *
   * @param isFresh whether it has just measured: then only its heat and its charge are looked at
   * @returns why it cannot; `undefined` if it can
   */
  problem(isFresh: boolean): Promise<string | undefined>
  /** How long it is to rest before its next network, in ms; absent: it needs none. */
  readonly restMs?: number
  /** The machine that it runs on: devices of one machine take turns. Throws if it is not attached. */
  machine(): Promise<string>
  /** Keeps other runs off its machine. */
  lock(signal: AbortSignal, say: (message: string) => void): Promise<Lock>
  /** @throws {LetiError} `device-lost` if it is the device's fault; else it is the network's */
  measure(job: FarmJob): Promise<LetiRecord>
  /** Ends at once; a measurement in progress fails. */
  close(): Promise<void>
}

/** What the devices of a host share. */
export interface Tools {
  readonly maker: ModelMaker
  readonly judge: Judge
  readonly onHost: OnHost
  readonly models: Models
  /** Shows lines to the person at the terminal, who must do something to bring a device. */
  readonly say?: (text: string) => void
}

/** The protocol with which a device is opened, before the first job tells its own. */
const FIRST: JobProtocol = {
  precision: USUAL.precision,
  max_seconds: USUAL.maxSeconds,
  timeout: USUAL.timeout,
  verify: true,
  samples: false,
  full_delegation: false,
}

/** A device of devices.yaml. */
export class ConfiguredDevice implements FarmDevice {
  private readonly device: MeasuringDevice
  private readonly closing = new AbortController()

  constructor(
    private readonly config: DeviceConfig,
    private readonly tools: Tools,
  ) {
    this.device = new MeasuringDevice(config, optionsOf(FIRST, tools.say))
  }

  get name(): string {
    return this.config.name
  }

  get restMs(): number {
    return this.device.restMs
  }

  async problem(isFresh: boolean): Promise<string | undefined> {
    const { device } = this
    try {
      const missing = await this.tools.models.problem?.()
      if (missing !== undefined) return missing
      if (!isFresh) {
        const { state, detail } = await device.state()
        if (state !== 'ready') return detail
      }
      if (!device.isOpen) await device.open()
      if (!(await device.isCool())) return 'it is hot'
      return await device.chargeProblem()
    } catch (error) {
      return messageOf(error)
    }
  }

  machine(): Promise<string> {
    return this.device.locate()
  }

  lock(signal: AbortSignal, say: (message: string) => void): Promise<Lock> {
    return lockMachines([this.device], { signal, say })
  }

  async measure({ record, protocol, visit }: FarmJob): Promise<LetiRecord> {
    this.follow(protocol)
    const { maker, judge, onHost, models } = this.tools
    const local = await models.localize(record, this.closing.signal)
    const model = new RecordModel(local, maker)
    try {
      const measured = await measureRecord(this.device, local, model, { visit, judge, onHost })
      return models.restore(measured.record, record)
    } finally {
      await model.remove()
    }
  }

  async close(): Promise<void> {
    this.closing.abort()
    await this.device.close()
  }

  /** Measures by a protocol from now on. */
  private follow(protocol: JobProtocol): void {
    this.device.follow(optionsOf(protocol, this.tools.say))
  }
}

function optionsOf(protocol: JobProtocol, say: Tools['say']): MeasuringOptions {
  const { precision, max_seconds, timeout, verify, samples, full_delegation } = protocol
  return {
    precision,
    maxSeconds: max_seconds,
    timeout,
    verify,
    samples,
    profile: false,
    requireFullDelegation: full_delegation,
    // The job is given back instead.
    spares: false,
    restarts: true,
    say,
  }
}

/** Whether a measurement failed since its device was lost. */
export function isLoss(error: unknown): boolean {
  return asLetiError(error)?.code === 'device-lost'
}
