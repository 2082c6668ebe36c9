/** The phone's clock, which may differ from this computer's. */
export class PhoneClock {
  private offsetMs = 0

  now(): Date {
    return new Date(Date.now() + this.offsetMs)
  }

  /** Sets the clock forward, or back if negative. */
  jump(ms: number): void {
    this.offsetMs += ms
  }
}
