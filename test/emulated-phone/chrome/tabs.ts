/**
 * The two ids of each tab. Chrome on Android lists a tab under the id of its page and under its number
 * (puppeteer issue 4937; devtools_manager_delegate_android.cc of Chromium).
 */
export class TabNumbers {
  private readonly numbers = new Map<string, string>()
  private next = 2968

  /** The tab's number. */
  numberOf(pageId: string): string {
    const known = this.numbers.get(pageId) ?? String(this.next++)
    this.numbers.set(pageId, known)
    return known
  }

  isNumber(id: string): boolean {
    return [...this.numbers.values()].includes(id)
  }

  /** The page's id, given either id. */
  pageIdOf(id: string): string {
    const found = [...this.numbers].find(([, number]) => number === id)
    return found ? found[0] : id
  }
}
