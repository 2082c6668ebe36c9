/**
 * How a browser becomes the device. The person who holds it types the code that the terminal shows: stdin carries
 * records, and a run of cron has no terminal to ask at. A token of 128 bits in the URL lets a browser try at all.
 */
import { randomBytes, randomInt } from 'node:crypto'
import { isSameSecret } from '../../same-secret.js'

/** Wrong codes until the token is void: a guess succeeds once in 300,000 times. */
const TRIES = 3
const DIGITS = 6

export class Pairing {
  /** Part of the URL. */
  token = newSecret()
  code = newCode()
  private left = TRIES
  private session: string | undefined

  get isDone(): boolean {
    return this.session !== undefined
  }

  /** Number of wrong codes that are still allowed. */
  get tries(): number {
    return this.left
  }

  /**
   * @returns the secret of the browser's session; `undefined` for a wrong code. After the last try, token and code
   *   are new ones.
   */
  pair(code: string): string | undefined {
    if (this.isDone) return undefined
    if (isSameSecret(code.replaceAll(/\s/g, ''), this.code)) return (this.session = newSecret())
    if (--this.left === 0) {
      this.token = newSecret()
      this.code = newCode()
      this.left = TRIES
    }
    return undefined
  }

  /** Whether a secret is that of the browser that was paired. */
  admits(secret: string | undefined): boolean {
    return this.session !== undefined && secret !== undefined && isSameSecret(secret, this.session)
  }
}

function newSecret(): string {
  return randomBytes(16).toString('base64url')
}

function newCode(): string {
  return String(randomInt(10 ** DIGITS)).padStart(DIGITS, '0')
}
