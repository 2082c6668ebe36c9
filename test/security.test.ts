import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { expect, test } from 'vitest'
import { ROOT } from './run.js'

/** The texts of all tests, by the names of their files. */
const tests = new Map<string, string>()
for (const folder of ['lib', 'tools', 'test']) {
  for (const path of readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })) {
    if (!path.endsWith('.test.ts') || path.includes('node_modules')) continue
    const text = readFileSync(join(ROOT, folder, path), 'utf8')
    tests.set(basename(path), `${tests.get(basename(path)) ?? ''}${text}`)
  }
}

const claims = readFileSync(join(ROOT, 'SECURITY.md'), 'utf8')
  .split('\n')
  .filter((line) => /^\| [^-]/.test(line) && !line.startsWith('| Claim'))
  .map((line) => line.split(' | ').map((cell) => cell.replace(/^\| | *\|$/g, '').trim()))

test('SECURITY.md has claims', () => {
  expect(claims.length).toBeGreaterThan(20)
})

test.each(claims)('%s: %s', (_claim, shownBy) => {
  const named = shownBy.split(/(?=`[\w-]+\.test\.ts`)/).filter((part) => part.startsWith('`'))
  expect(named).not.toEqual([])
  for (const part of named) {
    const [, file] = /^`([\w-]+\.test\.ts)`/.exec(part) ?? []
    const text = tests.get(file)
    for (const [, title] of part.matchAll(/"([^"]+)"/g)) {
      // `...` stands for what a table of cases fills in.
      for (const words of title.split('...')) expect(text).toContain(words.trim())
    }
    expect(text).toBeDefined()
  }
})
