import { LetiError } from '@leti/records'
import { listPhones, NO_SERIAL, notReady, type ListedPhone } from './device-list.js'

/** A phone that is ready. */
export interface ReadyPhone {
  /** A name that stays the same and that no other phone has: see `nameOf`. */
  readonly name: string
  /** The options that tell adb which phone is meant. */
  readonly options: readonly string[]
}

/**
 * Finds the phone to use: the one of this name, or else the only one that is ready.
 *
 * @param name see `nameOf`
 * @throws {LetiError} `usage` if several phones fit, `device-lost` if the phone is not ready
 */
export async function resolvePhone(name?: string, signal?: AbortSignal): Promise<ReadyPhone> {
  return choosePhone(await listPhones(signal), name)
}

export function choosePhone(phones: readonly ListedPhone[], name?: string): ReadyPhone {
  const phone = name === undefined ? onlyReady(phones) : onlyNamed(phones, name)
  return { name: nameOf(phone, phones), options: optionsFor(phone, phones) }
}

function onlyNamed(phones: readonly ListedPhone[], name: string): ListedPhone {
  const named = phones.filter((phone) => hasName(phone, name))
  if (named.length > 1) throw ambiguous(`several phones are "${name}"`, named, phones)
  const [phone] = named
  if (phone?.state === 'device') return phone
  throw notReady(name, phone)
}

function onlyReady(phones: readonly ListedPhone[]): ListedPhone {
  const ready = phones.filter(({ state }) => state === 'device')
  if (ready.length === 1) return ready[0]
  if (ready.length > 1) throw ambiguous('several phones are attached', ready, phones)
  const [other] = phones
  if (other) throw notReady(nameOf(other, phones), other)
  throw new LetiError(
    'device-lost',
    'no phone is attached: plug one in and enable USB debugging in its developer options',
  )
}

function ambiguous(
  what: string,
  candidates: readonly ListedPhone[],
  phones: readonly ListedPhone[],
): LetiError {
  const names = candidates.map((phone) => {
    const name = nameOf(phone, phones)
    return phone.model ? `${name} (${phone.model})` : name
  })
  const list = names.join(', ')
  const hint = list.includes(TRANSPORT)
    ? `; the ${TRANSPORT} changes when the phone is plugged in again`
    : ''
  return new LetiError('usage', `${what}; set "serial" to one of: ${list}${hint}`)
}

const TRANSPORT = 'transport_id'
/** Where the phone is plugged in, and what it is. The first that tells phones apart is used. */
const LASTING = ['usb:', 'model:', 'product:', 'device:']

/**
 * The name of a phone in devices.yaml: its serial number. If other phones have the same one, as cheap
 * phones do, a property follows it, in the words of `adb devices -l`: `0123456789ABCDEF usb:1-2`.
 */
export function nameOf(phone: ListedPhone, phones: readonly ListedPhone[]): string {
  const { serial, properties, transport } = phone
  const twins = twinsOf(phone, phones)
  if (twins.length === 0 && serial !== NO_SERIAL) return serial
  const lasting = LASTING.flatMap((kind) => properties.find((word) => word.startsWith(kind)) ?? [])
  const own = lasting.find((word) => !twins.some((twin) => twin.properties.includes(word)))
  const words = [...(serial === NO_SERIAL ? [] : [serial]), own ?? `${TRANSPORT}:${transport}`]
  return words.join(' ')
}

/** Whether a phone has this name. The serial number or the properties alone will do. */
function hasName({ serial, properties, transport }: ListedPhone, name: string): boolean {
  if (name === serial) return true
  const rest = name.startsWith(`${serial} `) ? name.slice(serial.length) : name
  const known = [...properties, `${TRANSPORT}:${transport}`]
  return rest.split(' ').every((word) => word === '' || known.includes(word))
}

/** The options that tell adb which phone is meant: its serial number only if no other has it. */
export function optionsFor(phone: ListedPhone, phones: readonly ListedPhone[]): string[] {
  const { serial, transport, properties } = phone
  if (twinsOf(phone, phones).length === 0 && serial !== NO_SERIAL) return ['-s', serial]
  // adb of before 2018 has no transport ids, but takes the place of a phone for its serial number.
  const place = properties.find((word) => word.startsWith('usb:'))
  return transport === undefined ? ['-s', place ?? serial] : ['-t', transport]
}

/** The other phones with the same serial number. */
function twinsOf(phone: ListedPhone, phones: readonly ListedPhone[]): ListedPhone[] {
  return phones.filter((other) => other !== phone && other.serial === phone.serial)
}
