import { messageOf } from '@leti/records'
import { Adb } from './adb.js'
import { listPhones, type ListedPhone } from './device-list.js'
import { adviceFor } from './failure.js'
import { describePhone, readConditions, type Conditions, type Phone } from './phone.js'

/** A phone that adb sees, for `device-run --list`. */
export interface AttachedPhone extends Phone, Conditions {
  readonly serial: string
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
export async function attachedPhones(): Promise<AttachedPhones> {
  try {
    return { phones: await Promise.all((await listPhones()).map(describeAttached)) }
  } catch (error) {
    return { phones: [], problem: messageOf(error) }
  }
}

async function describeAttached(listed: ListedPhone): Promise<AttachedPhone> {
  const { serial, state, model } = listed
  const detail = adviceFor(state)
  if (detail) return { serial, state, detail, ...(model && { model }) }
  const adb = new Adb(serial)
  try {
    const [phone, conditions] = await Promise.all([describePhone(adb), readConditions(adb)])
    return { serial, state, ...phone, ...conditions }
  } catch (error) {
    return { serial, state, detail: messageOf(error) }
  }
}
