import { readFile } from 'node:fs/promises'
import { TARGETS } from '@leti/devices'
import { expect, test } from 'vitest'

const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8')

/** Rows of the table of targets, without the padding and without the column "Where". */
function documentedTargets(): string[][] {
  const [, section] = readme.split('\n## Devices\n')
  const rows = section.split('\n').filter((line) => line.startsWith('|'))
  return rows.slice(2).map((row) => {
    const [target, , ...rest] = row.split('|').slice(1, -1)
    return [target, ...rest].map((cell) => cell.trim())
  })
}

test('the README lists every target with its runtimes, backends and settings', () => {
  const quoted = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(', ')
  const expected = Object.entries(TARGETS).flatMap(([target, { runtimes, settings }]) =>
    Object.entries(runtimes).map(([runtime, backends], row) => [
      row === 0 ? quoted([target]) : '',
      quoted([runtime]),
      quoted(backends),
      row === 0 ? quoted(Object.keys(settings)) : '',
    ]),
  )
  expect(documentedTargets()).toEqual(expected)
})
