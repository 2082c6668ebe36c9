/** The page of a web device: any browser that opens it and is paired measures what the server sends. */
import { LetiPage } from '../leti-page.js'
import type { Answer, Call, Over } from '../../targets/web/turns.js'
import { describeBrowser } from './describe.js'
import { nextTurn, pair, stayAlive, startAgain, stayNoLonger, tell } from './server.js'
import { onAgain, onCode, onStop, show, showOver, write, writeProgress } from './view.js'

const page = new LetiPage()
let screen: WakeLockSentinel | undefined

async function begin(): Promise<void> {
  if (!(await stayAlive())) {
    show('pairing')
    return
  }
  show('measuring')
  await keepScreenOn()
  const over = await measure().catch((error: unknown): Over => ({
    why: 'failed',
    message: messageOf(error),
  }))
  stayNoLonger()
  await screen?.release()
  end(over)
}

/** Does what the server asks for, until it asks no more. */
async function measure(): Promise<Over> {
  let number = 0
  let answer: Answer | undefined
  for (;;) {
    const next = await nextTurn(number, answer)
    if (next.over) return next.over
    writeProgress(next)
    answer = undefined
    if (!next.call) continue
    write('now', doing(next.call))
    number = next.call.number
    answer = await answerTo(next.call)
    if (!('result' in answer)) write('now', `A network failed: ${answer.error}`)
    else if (next.call.method === 'start') write('now', 'Ready. Waiting for the first network.')
  }
}

function doing({ method, args }: Call): string {
  if (method === 'start') return `Starting ${String(args[0])} ${String(args[1])}`
  return method === 'load' ? 'Loading a network' : 'Measuring a network'
}

async function answerTo({ method, args }: Call): Promise<Answer> {
  try {
    if (method === 'start') {
      const [runtime, backend, threads] = args as [string, string, number]
      const started = await page.start(runtime, backend, threads)
      return { result: { page: started, browser: await describeBrowser(screen !== undefined) } }
    }
    const session = page.session as unknown as Record<string, (...args: Call['args']) => unknown>
    return { result: (await session[method](...args)) ?? null }
  } catch (error) {
    return { error: messageOf(error) }
  }
}

/** A phone that locks its screen stops its pages. */
async function keepScreenOn(): Promise<void> {
  screen = await navigator.wakeLock?.request('screen').catch(() => undefined)
  write(
    'screen',
    screen ? 'The screen stays on.' : 'Keep the screen on yourself: this browser cannot.',
  )
}

function end({ why, message = '', mayStart = false }: Over): void {
  const texts: Readonly<Record<Over['why'], string>> = {
    done: 'The run has ended. Thank you! You may close this page.',
    stopped: 'Stopped. What was measured is kept. You may close this page.',
    moved: 'Another page of this browser measures now.',
    lost: 'The connection was lost.',
    failed: message,
  }
  if (why === 'lost' && document.visibilityState === 'visible') location.reload()
  else showOver(texts[why], mayStart || (why !== 'done' && why !== 'stopped'))
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

async function enter(code: string): Promise<void> {
  write('problem', '')
  try {
    const { paired, triesLeft } = await pair(code)
    if (paired === 'yes') await begin()
    else if (paired === 'no') showOver('This link is void. The terminal shows a new one.', false)
    else write('problem', `Wrong code. Tries left: ${triesLeft}`)
  } catch {
    write('problem', 'The server does not answer. Is this device in the same network?')
  }
}

onCode((code) => void enter(code))
onStop(() => tell('stop'))
onAgain(() => void startAgain().then(() => location.reload()))
// A page that is not seen is slowed down or stopped: it measures again when it is seen.
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'hidden') tell('leave')
  else location.reload()
})
addEventListener('pagehide', () => tell('leave'))
addEventListener('pageshow', ({ persisted }) => {
  if (persisted) location.reload()
})
void begin()
