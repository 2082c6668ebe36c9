import { messageOf } from '@leti/records'
import { Adb } from './adb.js'
import { nameOf, optionsFor } from './choose-phone.js'
import { listPhones, type ListedPhone } from './device-list.js'
import { adviceFor } from './failure.js'
import { describePhone, readConditions, type Conditions, type Phone } from './phone.js'

/** A phone that adb sees, for `device-run --list`. */
export interface AttachedPhone extends Phone, Conditions {
  readonly serial: string
  /** Its name for `serial` in devices.yaml: see `nameOf`. */
  readonly name: string
  readonly state: string
  /** What to do if it is not ready. */
  readonly detail?: string
}

/** The phones that adb sees. `problem` says why the list is empty if adb failed. */
export interface AttachedPhones {
  readonly phones: readonly AttachedPhone[]
  readonly problem?: string
}

/** Lists all attached phones with their properties. A phone that fails does not affect the others. */
export async function attachedPhones(signal?: AbortSignal): Promise<AttachedPhones> {
  try {
    const listed = await listPhones(signal)
    const phones = listed.map((phone) => describeAttached(phone, listed, signal))
    return { phones: await Promise.all(phones) }
  } catch (error) {
    return { phones: [], problem: messageOf(error) }
  }
}

async function describeAttached(
  listed: ListedPhone,
  all: readonly ListedPhone[],
  signal: AbortSignal | undefined,
): Promise<AttachedPhone> {
  const { serial, state, model } = listed
  const name = nameOf(listed, all)
  const detail = adviceFor(state)
  if (detail) return { serial, name, state, detail, ...(model && { model }) }
  const adb = new Adb({ name, options: optionsFor(listed, all) }, signal)
  try {
    const [phone, conditions] = await Promise.all([describePhone(adb), readConditions(adb)])
    return { serial, name, state, ...phone, ...conditions }
  } catch (error) {
    return { serial, name, state, detail: messageOf(error) }
  }
}
