import { createPrivateKey, X509Certificate } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { certificateOf } from './certificate.js'
import type { WebDevice } from './settings.js'

const folder = mkdtempSync(join(tmpdir(), 'leti-test-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function device(settings: WebDevice['settings']): WebDevice {
  return { name: 'phone', target: 'web', runtime: 'tfjs', backend: 'wasm', settings }
}

test('is made for the names, and writes no file', async () => {
  const files = readdirSync(tmpdir()).length
  const made = await certificateOf(device({}), ['192.168.1.20', 'laptop.local'])
  const certificate = new X509Certificate(made.cert)
  expect(made).toMatchObject({ isOwn: true, fingerprint: certificate.fingerprint256 })
  expect(certificate.checkIP('192.168.1.20')).toBe('192.168.1.20')
  expect(certificate.checkHost('laptop.local')).toBe('laptop.local')
  expect(certificate.checkHost('evil.example')).toBeUndefined()
  expect(certificate.checkPrivateKey(createPrivateKey(made.key))).toBe(true)
  expect(certificate.verify(certificate.publicKey)).toBe(true)
  // Browsers of Apple refuse one that holds for long.
  expect(Date.parse(certificate.validTo) - Date.now()).toBeLessThan(8 * 86_400_000)
  expect(readdirSync(tmpdir()).length).toBe(files)
  const another = await certificateOf(device({}), ['192.168.1.20'])
  expect(another.key).not.toBe(made.key)
})

test("may be the user's own", async () => {
  const made = await certificateOf(device({}), ['localhost'])
  const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')]
  writeFileSync(cert, made.cert)
  writeFileSync(key, made.key)
  const used = await certificateOf(device({ cert, key }), [])
  expect(used).toMatchObject({ cert: made.cert, isOwn: false })

  const wrong = {
    code: 'usage',
    message: expect.stringContaining('no certificate in PEM') as string,
  }
  await expect(certificateOf(device({ cert: key, key: cert }), [])).rejects.toMatchObject(wrong)
  writeFileSync(key, (await certificateOf(device({}), ['localhost'])).key)
  await expect(certificateOf(device({ cert, key }), [])).rejects.toMatchObject(wrong)
  await expect(certificateOf(device({ cert }), [])).rejects.toThrow('has "cert", but no "key"')
  await expect(certificateOf(device({ cert: join(folder, 'none'), key }), [])).rejects.toThrow(
    'no such file or directory',
  )
})
