import { expect, test } from 'vitest'
import { addressOf, inUrl, isLoopback, namesOf } from './address.js'

test.each([
  ['192.168.1.20', '192.168.1.20', 0],
  ['192.168.1.20:8443', '192.168.1.20', 8443],
  ['Laptop.local:443', 'laptop.local', 443],
  ['::1', '::1', 0],
  ['[2001:DB8::1]:8443', '2001:db8::1', 8443],
])('%s', (text, host, port) => {
  expect(addressOf(text)).toEqual({ host, port })
})

test.each(['', ':1', 'a b', 'a:', 'a:99999', '[a]', '[::1', 'https://a', 'a/b', '-a', 'a@b'])(
  'is no address: "%s"',
  (text) => {
    expect(addressOf(text)).toBeUndefined()
  },
)

test('a server on all interfaces has their names, and no other', () => {
  expect(namesOf('192.168.1.20')).toEqual(['192.168.1.20'])
  expect(namesOf('0.0.0.0')).toContain('127.0.0.1')
  expect(namesOf('0.0.0.0')).not.toContain('0.0.0.0')
  expect([isLoopback('127.0.0.1'), isLoopback('localhost'), isLoopback('::1')]).not.toContain(false)
  expect(isLoopback('0.0.0.0')).toBe(false)
  expect(inUrl('::0001')).toBe('[::1]')
})
