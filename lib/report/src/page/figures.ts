import type { Scheme } from '../theme.js'
import type { Figure } from './figure.js'

const dark = matchMedia('(prefers-color-scheme: dark)')

/** Draws figures when they come near the window, in the colors of the system; for print in light ones. */
export class Figures {
  private readonly all = new Map<Element, Figure>()
  private readonly observer = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) {
        const figure = this.all.get(target)
        if (isIntersecting && figure && !figure.isDrawn) figure.draw(this.scheme)
      }
    },
    { rootMargin: '600px' },
  )

  constructor() {
    dark.addEventListener('change', () => this.redraw(this.scheme))
    addEventListener('beforeprint', () => this.redraw('light', true))
    addEventListener('afterprint', () => this.redraw(this.scheme))
    addEventListener('resize', () => {
      for (const figure of this.all.values()) figure.moved()
    })
  }

  add(figure: Figure): void {
    this.all.set(figure.element, figure)
    this.observer.observe(figure.element)
  }

  update(): void {
    for (const figure of this.all.values()) figure.update()
  }

  private get scheme(): Scheme {
    return dark.matches ? 'dark' : 'light'
  }

  private redraw(scheme: Scheme, all = false): void {
    for (const figure of this.all.values()) if (all || figure.isDrawn) figure.draw(scheme)
  }
}
