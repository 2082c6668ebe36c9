/** What a browser tells of itself. Nothing is guessed: what it does not tell is absent. */
export interface BrowserDescription {
  /** Its user agent string. */
  readonly agent: string
  readonly cores?: number
  /** Name and version of the operating system. */
  readonly system?: string
  /** Model of the phone. */
  readonly model?: string
  /** The smallest step of its clock, in ms. */
  readonly clockStepMs: number
  /** Whether it keeps the screen on. */
  readonly wakeLock: boolean
}

/** Chromium's description of the device; other browsers have none, and TypeScript does not know it. */
interface UserAgentData {
  getHighEntropyValues(hints: string[]): Promise<Readonly<Record<string, unknown>>>
}

export async function describeBrowser(wakeLock: boolean): Promise<BrowserDescription> {
  const { userAgent, hardwareConcurrency, userAgentData } = navigator as Navigator & {
    userAgentData?: UserAgentData
  }
  const hints = ['platform', 'platformVersion', 'model']
  const told = await userAgentData?.getHighEntropyValues(hints).catch(() => undefined)
  const system = [told?.platform, told?.platformVersion].filter(isText).join(' ')
  return {
    agent: userAgent,
    clockStepMs: clockStep(),
    wakeLock,
    ...(hardwareConcurrency && { cores: hardwareConcurrency }),
    ...(system && { system }),
    ...(isText(told?.model) && { model: told.model }),
  }
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}

const STEPS = 20
const MOST_MS = 500

/** The smallest difference between two times of the clock. */
function clockStep(): number {
  const start = performance.now()
  let least = Infinity
  let last = start
  for (let steps = 0; steps < STEPS && last - start < MOST_MS;) {
    const now = performance.now()
    if (now === last) continue
    least = Math.min(least, now - last)
    last = now
    steps++
  }
  return least
}
