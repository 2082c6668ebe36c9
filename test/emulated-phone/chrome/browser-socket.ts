import type { WebSocket } from 'ws'
import type { TabNumbers } from './tabs.js'

/** A message of the DevTools protocol: the members that are used here. */
export interface Message {
  id?: number
  method?: string
  sessionId?: string
  params?: Record<string, unknown>
  result?: Record<string, unknown>
}

interface TargetInfo {
  targetId: string
  type: string
  [member: string]: unknown
}

const TARGET_EVENTS = ['Target.targetCreated', 'Target.targetInfoChanged']

/**
 * Connects a client with the browser's own WebSocket, and behaves like Chrome on Android: it announces each
 * tab twice and never answers requests to the second one (ChromeDevTools/devtools-protocol issue 180:
 * "Page.enable hangs"); `Target.createTarget` opens a tab but never answers (puppeteer issue 4937).
 */
export function joinBrowserSocket(client: WebSocket, upstream: WebSocket, tabs: TabNumbers): void {
  const createIds = new Set<number>()
  const silentSessions = new Set<string>()
  const toClient = (message: Message) => client.send(JSON.stringify(message))

  client.on('message', (data: Buffer) => {
    const message = JSON.parse(data.toString()) as Message
    const targetId = String(message.params?.targetId)
    if (message.sessionId && silentSessions.has(message.sessionId)) return
    if (message.method === 'Target.createTarget') createIds.add(message.id ?? 0)
    if (message.method === 'Target.attachToTarget' && tabs.isNumber(targetId)) {
      const sessionId = attach({ targetId, type: 'page' })
      toClient({ id: message.id, result: { sessionId } })
      return
    }
    upstream.send(data.toString())
  })

  upstream.on('message', (data: Buffer) => {
    const message = JSON.parse(data.toString()) as Message
    if (message.id && createIds.delete(message.id)) return
    client.send(data.toString())
    const info = message.params?.targetInfo as TargetInfo | undefined
    if (info?.type === 'page') announceTwice(message, info)
    if (message.method === 'Target.targetDestroyed') {
      const number = tabs.numberOf(String(message.params?.targetId))
      toClient({ method: message.method, params: { targetId: number } })
    }
  })

  function announceTwice(message: Message, info: TargetInfo): void {
    const double = doubleOf(info, tabs)
    if (TARGET_EVENTS.includes(message.method ?? '')) {
      toClient({ method: message.method, params: { targetInfo: double } })
    } else if (message.method === 'Target.attachedToTarget') attach(double)
  }

  function attach(targetInfo: TargetInfo): string {
    const sessionId = `FORWARDED${targetInfo.targetId}`
    silentSessions.add(sessionId)
    const attached = { ...targetInfo, attached: true }
    toClient({
      method: 'Target.attachedToTarget',
      params: { sessionId, targetInfo: attached, waitingForDebugger: false },
    })
    return sessionId
  }
}

/** The second announcement has no browser context. */
function doubleOf(info: TargetInfo, tabs: TabNumbers): TargetInfo {
  const double: TargetInfo = { ...info, targetId: tabs.numberOf(info.targetId), attached: false }
  delete double.browserContextId
  return double
}
