/** What the person who holds the browser sees. Nothing moves: an animation would take the time of the GPU. */
import type { NextTurn } from '../../targets/web/turns.js'

/** The parts of the page, of which one is seen at a time. */
type Part = 'pairing' | 'measuring' | 'over'

/** A button that stops at the second press, within this time. */
const CONFIRM_MS = 4000

const since = { time: 0, measured: -1 }

export function show(part: Part): void {
  for (const section of document.querySelectorAll('section')) section.hidden = section.id !== part
}

export function write(id: string, text: string): void {
  const element = byId(id)
  if (element.textContent !== text) element.textContent = text
}

/** How far the run is. */
export function writeProgress({ measured, expected, secondsLeft }: NextTurn): void {
  const of = expected === undefined ? '' : ` of ${expected}`
  write(
    'count',
    `${measured}${of} ${(expected ?? measured) === 1 ? 'network' : 'networks'} measured`,
  )
  write(
    'left',
    secondsLeft === undefined ? paceOf(measured) : `About ${duration(secondsLeft)} left.`,
  )
  const bar = byId('bar') as HTMLProgressElement
  bar.hidden = expected === undefined
  if (expected !== undefined) [bar.max, bar.value] = [expected, measured]
}

/** How long a network takes: how many will come is not known. */
function paceOf(measured: number): string {
  if (since.measured < 0) Object.assign(since, { time: performance.now(), measured })
  const done = measured - since.measured
  if (done <= 0) return 'How many will come is not known.'
  const each = (performance.now() - since.time) / 1000 / done
  return `A network takes about ${duration(each)}; how many will come is not known.`
}

function duration(seconds: number): string {
  if (seconds < 100) return `${Math.max(1, Math.round(seconds))} s`
  const minutes = Math.round(seconds / 60)
  return minutes < 100 ? `${minutes} min` : `${Math.round(minutes / 60)} h`
}

/** Calls `pair` with each code that is entered. */
export function onCode(pair: (code: string) => void): void {
  byId('form').addEventListener('submit', (event) => {
    event.preventDefault()
    pair((byId('code') as HTMLInputElement).value)
  })
}

export function onStop(stop: () => void): void {
  const button = byId('stop')
  const label = button.textContent
  let armed = false
  button.addEventListener('click', () => {
    if (armed) {
      stop()
      return
    }
    armed = true
    button.textContent = 'Press again to stop'
    setTimeout(() => {
      armed = false
      button.textContent = label
    }, CONFIRM_MS)
  })
}

export function onAgain(again: () => void): void {
  byId('again').addEventListener('click', again)
}

/** The end of this page's work. */
export function showOver(text: string, mayTryAgain: boolean): void {
  write('end', text)
  byId('again').hidden = !mayTryAgain
  show('over')
}

function byId(id: string): HTMLElement {
  return document.getElementById(id) as HTMLElement
}
