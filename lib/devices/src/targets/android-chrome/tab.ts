import { setTimeout as delay } from 'node:timers/promises'
import { LetiError } from '@leti/records'
import type { Tab } from '../../browser/open-page.js'
import { openSocket } from './socket.js'

/** A tab on the phone, through a connection of its own. */
export interface PhoneTab extends Tab {
  /** Loads LETI's page, and waits until it is there. */
  load(url: string): Promise<void>
  /** tfjs uses half of the processors that the browser reports at most. */
  reportProcessors(count: number): Promise<void>
  /** Brings it to the front and keeps the screen on while it is there; false where the phone refuses. */
  keepInFront(): Promise<boolean>
  close(): void
}

/** Setting up takes no longer; how long a call of the page may take is for `--timeout` to say. */
const SET_UP_MS = 30_000
const POLL_MS = 100
const ENDLESS = { timeout: 0 }

/**
 * Attaches to one tab and to nothing else: Chrome on Android lists each tab twice and does not answer
 * for all, so that a look at the whole browser may wait for ever (puppeteer issues 4937, 9625).
 *
 * @throws {LetiError} `device-lost`
 */
export async function attach(url: string): Promise<PhoneTab> {
  const { Connection } = await import('puppeteer-core')
  const { transport, closed } = await openSocket(url, SET_UP_MS)
  const connection = new Connection(url, transport, 0, SET_UP_MS)
  let isGone = false
  const died = new Promise<never>((_resolve, reject) => {
    const fail = (code: 'device-crashed' | 'device-lost', what: string) => (): void => {
      isGone = true
      reject(new LetiError(code, what))
    }
    connection.once('Inspector.targetCrashed', fail('device-crashed', 'the tab crashed'))
    connection.once('Inspector.detached', fail('device-crashed', 'the tab was closed'))
    void closed.then(fail('device-lost', 'the connection to Chrome broke off'))
  })
  // It may die between two calls: then the next one says so.
  died.catch(() => undefined)
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
    died,
    isGone: () => isGone,
    load: async (page) => {
      const { errorText } = await connection.send('Page.navigate', { url: page })
      if (errorText) throw new LetiError('device-lost', `Chrome cannot load the page: ${errorText}`)
      const deadline = performance.now() + SET_UP_MS
      while (!(await Promise.race([evaluate(IS_LOADED), died]))) {
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
      return (await Promise.race([evaluate(LOCK_SCREEN_ON), died])) as boolean
    },
    close: () => connection.dispose(),
  }
}

const IS_LOADED = `typeof leti === 'object'`
/** A lock ends when the tab is hidden, and so is asked for anew. */
const LOCK_SCREEN_ON = `navigator.wakeLock.request('screen').then(() => true, () => false)`
