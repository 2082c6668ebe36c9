import { LetiError } from '@leti/records'

/** Chrome's DevTools over HTTP, behind a port of this computer. */
export class DevTools {
  constructor(private readonly port: number) {}

  /** What the browser says of itself: `Browser`, and on Android its `Android-Package`. */
  async version(): Promise<Readonly<Record<string, string>>> {
    return (await this.request('GET', 'version')) as Record<string, string>
  }

  /**
   * Opens a tab.
   *
   * @returns its id
   */
  async open(url: string): Promise<string> {
    const { id } = (await this.request('PUT', `new?${encodeURIComponent(url)}`)) as { id?: string }
    if (!id) throw new LetiError('device-lost', 'Chrome opened no tab')
    return id
  }

  /** The tabs that there are; Chrome on Android may list one twice, under two ids. */
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

  /** Address of a tab's own connection, on which no other tab is heard of. */
  socketOf(id: string): string {
    return `ws://127.0.0.1:${this.port}/devtools/page/${id}`
  }

  /** Chrome answers with JSON, or with a sentence. */
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
