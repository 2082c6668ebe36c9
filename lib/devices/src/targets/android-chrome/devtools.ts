import { LetiError } from '@leti/records'

/** Chrome's DevTools over HTTP, on a port of this computer. */
export class DevTools {
  constructor(private readonly port: number) {}

  /** The browser's description of itself: `Browser`, and on Android also `Android-Package`. */
  async version(): Promise<Readonly<Record<string, string>>> {
    return (await this.request('GET', 'version')) as Record<string, string>
  }

  /**
   * Opens a tab.
   *
   * @returns the tab's id
   */
  async open(url: string): Promise<string> {
    const { id } = (await this.request('PUT', `new?${encodeURIComponent(url)}`)) as { id?: string }
    if (!id) throw new LetiError('device-lost', 'Chrome opened no tab')
    return id
  }

  /** All tabs. Chrome on Android may list a tab twice, under two ids. */
  async list(): Promise<readonly { readonly id: string; readonly url: string }[]> {
    return (await this.request('GET', 'list')) as { id: string; url: string }[]
  }

  /** Brings a tab to the front. */
  async activate(id: string): Promise<void> {
    await this.request('GET', `activate/${id}`)
  }

  async close(id: string): Promise<void> {
    await this.request('GET', `close/${id}`)
  }

  /** URL of a tab's own WebSocket, which carries no messages of other tabs. */
  socketOf(id: string): string {
    return `ws://127.0.0.1:${this.port}/devtools/page/${id}`
  }

  /** Chrome answers with JSON or with plain text. */
  private async request(method: string, path: string): Promise<unknown> {
    const response = await fetch(`http://127.0.0.1:${this.port}/json/${path}`, {
      method,
      signal: AbortSignal.timeout(ANSWER_MS),
    })
    const text = await response.text()
    if (!response.ok) throw new LetiError('device-lost', `Chrome refused ${path}: ${text.trim()}`)
    return /^[{[]/.test(text) ? JSON.parse(text) : text
  }
}

const ANSWER_MS = 15_000
