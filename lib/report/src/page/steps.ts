import type { StepRow } from '../data.js'
import { h } from './dom.js'

/** A step that made what the report shows: its command, and what else is known of it. */
export function stepCard({ tool, device, command, facts }: StepRow): HTMLElement {
  const entries = Object.entries(facts)
  return h(
    'div',
    { class: 'card' },
    h('h3', {}, [tool, device].filter(Boolean).join(': ')),
    command !== undefined && h('pre', {}, h('code', {}, command)),
    h('dl', {}, ...entries.flatMap(([name, value]) => [h('dt', {}, name), h('dd', {}, value)])),
  )
}
