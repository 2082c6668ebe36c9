/** The phone that is emulated. */
export interface PhoneIdentity {
  readonly manufacturer: string
  readonly model: string
  /** The code name: `ro.product.device` and `ro.product.name`. */
  readonly device: string
  /** `ro.soc.manufacturer` and `ro.soc.model`; absent before Android 12. */
  readonly soc?: { readonly manufacturer: string; readonly model: string }
  readonly platform: string
  readonly androidVersion: string
  readonly sdk: number
  readonly fingerprint: string
  /** The three parts of SurfaceFlinger's `GLES:` line. */
  readonly gpu: { readonly vendor: string; readonly renderer: string; readonly version: string }
}

/** A Pixel 7, from public dumps. */
export const PIXEL_7: PhoneIdentity = {
  manufacturer: 'Google',
  model: 'Pixel 7',
  device: 'panther',
  soc: { manufacturer: 'Google', model: 'GS201' },
  platform: 'gs201',
  androidVersion: '14',
  sdk: 34,
  fingerprint: 'google/panther/panther:14/UQ1A.240205.002/11224170:user/release-keys',
  gpu: {
    vendor: 'ARM',
    renderer: 'Mali-G710',
    version: 'OpenGL ES 3.2 v1.r43p0-01eac0.a5d3f0d29a1d6d7bd1b7a7fd8ad9d3ba',
  },
}

/** The phone's system properties. */
export function propertiesOf(identity: PhoneIdentity): Map<string, string> {
  const { manufacturer, model, device, soc, platform, androidVersion, sdk, fingerprint } = identity
  return new Map([
    ['ro.board.platform', platform],
    ['ro.boot.hardware', device],
    ['ro.build.fingerprint', fingerprint],
    ['ro.build.id', fingerprint.split('/')[3] ?? ''],
    ['ro.build.version.release', androidVersion],
    ['ro.build.version.sdk', String(sdk)],
    ['ro.hardware', device],
    ['ro.product.brand', manufacturer.toLowerCase()],
    ['ro.product.cpu.abi', 'arm64-v8a'],
    ['ro.product.cpu.abilist', 'arm64-v8a,armeabi-v7a,armeabi'],
    ['ro.product.device', device],
    ['ro.product.manufacturer', manufacturer],
    ['ro.product.model', model],
    ['ro.product.name', device],
    ...(soc
      ? ([
          ['ro.soc.manufacturer', soc.manufacturer],
          ['ro.soc.model', soc.model],
        ] as const)
      : []),
    ['sys.boot_completed', '1'],
  ])
}
