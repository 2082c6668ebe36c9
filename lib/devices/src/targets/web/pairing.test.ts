import { expect, test } from 'vitest'
import { Pairing } from './pairing.js'

const wrongOf = ({ code }: Pairing): string => (code === '000000' ? '000001' : '000000')

test('the right code pairs one browser, and the secret that it gets admits it alone', () => {
  const pairing = new Pairing()
  expect(pairing.token).toMatch(/^[\w-]{22}$/)
  expect(pairing.code).toMatch(/^\d{6}$/)
  expect(pairing.pair(wrongOf(pairing))).toBeUndefined()
  const secret = pairing.pair(` ${pairing.code.slice(0, 3)} ${pairing.code.slice(3)}`)
  expect(secret).toMatch(/^[\w-]{22}$/)
  expect(pairing.admits(secret)).toBe(true)
  for (const other of [undefined, '', `${secret}x`, pairing.token]) {
    expect(pairing.admits(other)).toBe(false)
  }
  // A code is used once.
  expect(pairing.pair(pairing.code)).toBeUndefined()
})

test('nobody is admitted before the pairing', () => {
  expect(new Pairing().admits(undefined)).toBe(false)
  expect(new Pairing().admits('undefined')).toBe(false)
})

test('three wrong codes void token and code', () => {
  const pairing = new Pairing()
  const { token, code } = pairing
  for (const left of [2, 1]) {
    pairing.pair(wrongOf(pairing))
    expect(pairing).toMatchObject({ token, code, tries: left })
  }
  pairing.pair(wrongOf(pairing))
  expect(pairing.token).not.toBe(token)
  expect(pairing.tries).toBe(3)
})
