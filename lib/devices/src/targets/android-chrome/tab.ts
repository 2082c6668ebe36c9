import { setTimeout as delay } from 'node:timers/promises'
import { LetiError } from '@leti/records'
import type { Tab } from '../../browser/open-page.js'
import { Ending } from '../../processes/ending.js'
import { openSocket } from '../../browser/socket.js'

/** A tab on the phone, with a connection of its own. */
export interface PhoneTab extends Tab {
  /** Loads LETI's page and waits until it is ready. */
  load(url: string): Promise<void>
  /** Sets the number of processors that the browser reports; tfjs uses at most half of them. */
  reportProcessors(count: number): Promise<void>
  /**
   * Brings the tab to the front and keeps the screen on while it stays there.
   *
   * @returns whether the phone keeps the screen on
   */
  keepInFront(): Promise<boolean>
  close(): void
}

/** Longest time for each step of setting up. Calls of the page are limited by `--timeout`. */
const SET_UP_MS = 30_000
const POLL_MS = 100
const ENDLESS = { timeout: 0 }

/**
 * Attaches to one tab only. Chrome on Android lists each tab twice and does not answer for all of them,
 * so a client that attaches to the whole browser may wait forever (puppeteer issues 4937, 9625).
 *
 * @throws {LetiError} `device-lost`
 */
export async function attach(url: string): Promise<PhoneTab> {
  const { Connection } = await import('puppeteer-core')
  const { transport, closed } = await openSocket(url, SET_UP_MS)
  const connection = new Connection(url, transport, 0, SET_UP_MS)
  const ending = new Ending()
  const fail = (code: 'device-crashed' | 'device-lost', what: string) => (): void =>
    ending.end(new LetiError(code, what))
  connection.once('Inspector.targetCrashed', fail('device-crashed', 'the tab crashed'))
  connection.once('Inspector.detached', fail('device-crashed', 'the tab was closed'))
  void closed.then(fail('device-lost', 'the connection to Chrome broke'))
  await connection.send('Inspector.enable')

  const evaluate = async (expression: string): Promise<unknown> => {
    const { result, exceptionDetails } = await connection.send(
      'Runtime.evaluate',
      { expression, awaitPromise: true, returnByValue: true },
      ENDLESS,
    )
    if (!exceptionDetails) return result.value
    throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text)
  }
  return {
    evaluate,
    ending,
    isGone: () => ending.reason !== undefined,
    load: async (page) => {
      const { errorText } = await connection.send('Page.navigate', { url: page })
      if (errorText) throw new LetiError('device-lost', `Chrome cannot load the page: ${errorText}`)
      const deadline = performance.now() + SET_UP_MS
      while (!(await ending.before(() => evaluate(IS_LOADED)))) {
        if (performance.now() > deadline) {
          throw new LetiError(
            'device-lost',
            `Chrome did not load the page in ${SET_UP_MS / 1000} s`,
          )
        }
        await delay(POLL_MS)
      }
    },
    reportProcessors: async (hardwareConcurrency) => {
      await connection.send('Emulation.setHardwareConcurrencyOverride', { hardwareConcurrency })
    },
    keepInFront: async () => {
      await connection.send('Page.bringToFront')
      return (await ending.before(() => evaluate(LOCK_SCREEN_ON))) as boolean
    },
    close: () => connection.dispose(),
  }
}

const IS_LOADED = `typeof leti === 'object'`
/** Hiding the tab releases the lock, so it is requested before each measurement. */
const LOCK_SCREEN_ON = `navigator.wakeLock.request('screen').then(() => true, () => false)`
