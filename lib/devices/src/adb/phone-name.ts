import { text } from '../settings.js'

/** The setting of devices.yaml that names a phone; see `nameOf`. */
export const PHONE_NAME = text(
  'serial number of the phone, or a property such as usb:1-2; default: the only phone attached',
)
