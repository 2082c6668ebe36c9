import { readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { asSubcommand } from './as-subcommand.js'
import { SUBCOMMANDS } from './subcommands.js'

test('every tool is a subcommand', () => {
  const tools = readdirSync(new URL('../..', import.meta.url)).filter((name) => name !== 'leti')
  expect(SUBCOMMANDS.map(({ name }) => name).sort()).toEqual(tools.sort())
})

describe.each(SUBCOMMANDS)('$name', ({ name, summary, load }) => {
  test('loads the tool of this name, and repeats its summary', async () => {
    const { tool } = await load()
    expect({ name, summary }).toEqual({ name: tool.name, summary: tool.summary })
  })

  test('shows examples that need no command but leti', async () => {
    const { tool } = await load()
    const names = SUBCOMMANDS.map((command) => command.name)
    for (const [line] of asSubcommand(tool).examples) {
      const commands = line.split(' | ').map((command) => command.split(' '))
      expect(commands.filter(([first]) => names.includes(first))).toEqual([])
      expect(commands.some(([first, second]) => first === 'leti' && second === name)).toBe(true)
    }
  })
})
