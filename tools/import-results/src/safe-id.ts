import { createHash } from 'node:crypto'

/** Digits of the digest that keeps changed names apart. */
const DIGITS = 8

/**
 * A name as the id of a record. Names with other characters than an id may have keep a digest of the whole name: two
 * of them never get one id.
 */
export function safeId(name: string): string {
  if (/^(?!\.+$)[A-Za-z0-9._-]{1,200}$/.test(name)) return name
  const digest = createHash('sha256').update(name).digest('hex').slice(0, DIGITS)
  const readable = name.normalize('NFKD').replaceAll(/[^A-Za-z0-9._-]+/g, '-')
  return `${readable.slice(0, 100).replace(/^[-.]+|[-.]+$/g, '') || 'network'}-${digest}`
}
