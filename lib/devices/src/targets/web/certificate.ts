/** The certificate of a web device's server. A key that is made here never leaves the memory. */
import { randomBytes, webcrypto, X509Certificate } from 'node:crypto'
import { isIP } from 'node:net'
import { createSecureContext } from 'node:tls'
import { LetiError, messageOf } from '@leti/records'
import { readRegular, systemReason } from '@leti/records/files'
import type { WebDevice } from './settings.js'

export interface Certificate {
  readonly cert: string
  readonly key: string
  /** Whether it was made on the spot, so that browsers warn of it. */
  readonly isOwn: boolean
  /** Its digest as browsers show it: `AB:CD:...`. */
  readonly fingerprint: string
}

const DAY_MS = 86_400_000
/** Clocks differ. */
const EARLIER_MS = DAY_MS
const LATER_MS = 7 * DAY_MS
const MOST_BYTES = 2 ** 20

/**
 * The certificate that the device's settings name; without one, a new one.
 *
 * @param names of this computer, for which a new one holds
 * @throws {LetiError} `usage` if the files are no certificate with its key
 */
export async function certificateOf(
  { name, settings: { cert, key } }: WebDevice,
  names: readonly string[],
): Promise<Certificate> {
  if (cert === undefined && key === undefined) return makeCertificate(names)
  if (cert === undefined || key === undefined) {
    const [given, missing] = cert === undefined ? ['key', 'cert'] : ['cert', 'key']
    throw new LetiError('usage', `device "${name}" has "${given}", but no "${missing}"`)
  }
  return readCertificate(cert, key)
}

/**
 * A certificate and its key from files in PEM.
 *
 * @throws {LetiError} `usage` if the files are no certificate with its key
 */
export async function readCertificate(path: string, keyPath: string): Promise<Certificate> {
  const pair = { cert: await readPem(path), key: await readPem(keyPath) }
  try {
    createSecureContext(pair)
    return { ...pair, isOwn: false, fingerprint: new X509Certificate(pair.cert).fingerprint256 }
  } catch (error) {
    const why = messageOf(error).replace(/^error:\w+:/, '')
    throw new LetiError('usage', `${path} and its key are no certificate in PEM: ${why}`)
  }
}

async function readPem(path: string): Promise<string> {
  try {
    return (await readRegular(path, MOST_BYTES)).toString()
  } catch (error) {
    throw new LetiError('usage', `cannot read ${path}: ${systemReason(error)}`, { cause: error })
  }
}

async function makeCertificate(names: readonly string[]): Promise<Certificate> {
  // The package injects dependencies by the types of parameters, which it asks its users to load.
  await import('reflect-metadata')
  // The package is CommonJS: in a bundle it has only a default export.
  const { ExtendedKeyUsageExtension, SubjectAlternativeNameExtension, X509CertificateGenerator } = (
    await import('@peculiar/x509')
  ).default
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const made = await X509CertificateGenerator.createSelfSigned({
    // Positive, and different each time: browsers refuse two certificates with one serial number.
    serialNumber: `01${randomBytes(15).toString('hex')}`,
    name: 'CN=LETI device-run',
    notBefore: new Date(Date.now() - EARLIER_MS),
    notAfter: new Date(Date.now() + LATER_MS),
    keys,
    signingAlgorithm: algorithm,
    extensions: [
      new SubjectAlternativeNameExtension(
        names.map((value) => ({ type: isIP(value) ? 'ip' : 'dns', value }) as const),
      ),
      new ExtendedKeyUsageExtension(['1.3.6.1.5.5.7.3.1']),
    ],
  })
  const cert = made.toString('pem')
  const { fingerprint256: fingerprint } = new X509Certificate(cert)
  return { cert, key: await pemOf(keys.privateKey), isOwn: true, fingerprint }
}

async function pemOf(key: webcrypto.CryptoKey): Promise<string> {
  const bytes = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', key)).toString('base64')
  return `-----BEGIN PRIVATE KEY-----\n${bytes}\n-----END PRIVATE KEY-----\n`
}
