import { setTimeout as delay } from 'node:timers/promises'
import { expect, test, vi } from 'vitest'
import { Adb, type ShellResult } from '../../adb/adb.js'
import { PhoneFolder } from '../../adb/phone-folder.js'
import { openApp } from './app.js'

/** A phone whose app starts only when the test lets it, and then fails. */
class SlowPhone extends Adb {
  readonly starts: (() => void)[] = []

  override shell([program, ...args]: readonly string[]): Promise<ShellResult> {
    const result = { stdout: 'package:', stderr: '', exitCode: 0 }
    if (program !== 'am' || args[0] !== 'start') return Promise.resolve(result)
    return new Promise((resolve) => {
      this.starts.push(() => resolve({ ...result, exitCode: 1 }))
    })
  }

  override withoutSignal(): Adb {
    return this
  }
}

test('two runs that use the app at the same moment take turns', async () => {
  const name = `phone ${process.pid}`
  const phone = new SlowPhone({ name, options: [] })
  const { signal } = new AbortController()
  const invoke = async (): Promise<string> =>
    (await openApp(phone, new PhoneFolder(phone), signal)).invoke([])
  const runs = [invoke(), invoke()].map((run) => expect(run).rejects.toThrow('did not start'))
  await vi.waitFor(() => expect(phone.starts).toHaveLength(1))
  await delay(200)
  expect(phone.starts).toHaveLength(1)
  phone.starts[0]()
  await vi.waitFor(() => expect(phone.starts).toHaveLength(2))
  phone.starts[1]()
  await Promise.all(runs)
})
