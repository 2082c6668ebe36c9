import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ROOT, shell } from './run.js'

/** Sections of every README, in this order. Others may lie between them. */
const SECTIONS = ['Usage', 'Reads', 'Writes', 'Options', 'Notes']

/** Options of all tools, described once in lib/pipe/README.md. */
const SHARED = ['--strict', '--verbose', '--quiet', '--help', '--version']

/** `leti` only runs the other tools. */
const TOOLS = readdirSync(join(ROOT, 'tools')).filter((name) => name !== 'leti')

describe.each(TOOLS)('the README of %s', (tool) => {
  const readme = readFileSync(join(ROOT, 'tools', tool, 'README.md'), 'utf8')

  test('has the sections of all READMEs, in their order', () => {
    const headings = [...readme.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading)
    expect(headings.filter((heading) => SECTIONS.includes(heading))).toEqual(SECTIONS)
  })

  test('lists the options of --help, with their defaults', async () => {
    const { stdout } = await shell(`${tool} --help`)
    const options = optionsInHelp(stdout).filter(({ name }) => !SHARED.includes(name))
    const rows = optionsInReadme(readme)
    expect(rows.map(namesOf).sort()).toEqual(options.map(namesOf).sort())
    for (const { name, fallback } of options) {
      const inReadme = rows.find((row) => row.name === name)?.fallback
      const message = `${name}: the default is ${fallback ?? 'absent'}`
      if (inReadme === undefined) expect(fallback, message).toBeUndefined()
      else if (isLiteral(inReadme)) expect(inReadme.replaceAll('`', ''), message).toBe(fallback)
    }
  })
})

interface Option {
  readonly name: string
  readonly alias?: string
  readonly fallback?: string
}

function namesOf({ name, alias = '' }: Option): string {
  return `${name} ${alias}`.trim()
}

/** The options start lines in yargs' help: `  -n, --number  Draw this many  [number] [default: 5]`. */
function optionsInHelp(help: string): Option[] {
  const [sections] = help.split('\nReads: ')
  return sections
    .split(/\n(?= {2,6}-)/)
    .slice(1)
    .map((text) => {
      const [, alias, name] = /^ *(?:(-\w), +)?(--[\w-]+)/.exec(text) ?? []
      const fallback = /[[(]default: "?([^\]",);]+)/.exec(text)?.[1]
      // Users write a boolean that is on by default only as `--no-NAME`.
      if (fallback === 'true') return { name: name.replace('--', '--no-') }
      return { name, alias, fallback: fallback === 'false' ? undefined : fallback }
    })
}

/** The rows of the table of options: "| `-n`, `--number` | `5` | draw this many |". */
function optionsInReadme(readme: string): Option[] {
  const section = readme.split('\n## Options\n')[1].split('\n## ')[0]
  const rows = section.split('\n').filter((line) => /^\| *`-/.test(line))
  return rows.flatMap((row) => {
    const [, names, fallback] = row.split('|').map((text) => text.trim())
    const alias = /`(-\w)`/.exec(names)?.[1]
    return [...names.matchAll(/`(--[\w-]+)/g)].map(([, name]) => ({
      name,
      alias,
      fallback: fallback || undefined,
    }))
  })
}

/** Whether a default is a value such as 10 or `tfjs`; others are words, such as "the device's". */
function isLiteral(fallback: string): boolean {
  return /^(`[^`]+`|[\d.]+)$/.test(fallback)
}
