/**
 * Chrome on Android knows each tab twice: by the id of its page, and by the number of the tab
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

  /** The page's id, given either. */
  pageIdOf(id: string): string {
    const found = [...this.numbers].find(([, number]) => number === id)
    return found ? found[0] : id
  }
}
