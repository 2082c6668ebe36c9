import { createHash, timingSafeEqual } from 'node:crypto'

/** Whether a text is the secret. Takes as long for a wrong text as for the right one, whatever their lengths. */
export function isSameSecret(given: string, right: string): boolean {
  const [a, b] = [given, right].map((text) => createHash('sha256').update(text).digest())
  return timingSafeEqual(a, b)
}
