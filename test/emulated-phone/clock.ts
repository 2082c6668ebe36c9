/** The phone's clock, which can be wrong. */
export class PhoneClock {
  private offsetMs = 0

  now(): Date {
    return new Date(Date.now() + this.offsetMs)
  }

  /** Sets the clock forward, or back where negative. */
  jump(ms: number): void {
    this.offsetMs += ms
  }
}
