import { setTimeout as delay } from 'node:timers/promises'
import type { Io } from '@leti/pipe'
import { afterEach, expect, test } from 'vitest'
import { CommandObjective } from './command.js'

const RECORDS = ['a', 'b', 'c'].map((id) => ({ id }))
const open: CommandObjective[] = []

afterEach(async () => {
  for (const objective of open.splice(0)) await objective.close()
})

/** A command that handles each line with JavaScript: `line`, the parsed `record`, its number `i`, `say`. */
function command(script: string, timeout = 20) {
  const said: string[] = []
  const program = `
    let i = 0
    const say = (value) => console.log(JSON.stringify(value))
    require("node:readline").createInterface({ input: process.stdin }).on("line", (line) => {
      const record = JSON.parse(line); i++; ${script} })`
  const io = {
    signal: new AbortController().signal,
    fail: (place: string, message: string) => said.push(`${place}: ${message}`),
  } as unknown as Io
  const objective = new CommandObjective(`${process.execPath} -e '${program}'`, timeout, io)
  open.push(objective)
  return { objective, said }
}

test('one process answers for all networks', async () => {
  const { objective, said } = command('say({ id: record.id, objective: i })')
  expect(await objective.valuesOf(RECORDS)).toEqual([1, 2, 3])
  expect(await objective.valuesOf([{ id: 'd' }])).toEqual([4])
  expect(said).toEqual([])
})

test('a network without a number has no value, and says why', async () => {
  const { objective, said } = command(
    'say(i === 2 ? { id: record.id, error: { message: "diverged" } } : { id: record.id, objective: i })',
  )
  expect(await objective.valuesOf(RECORDS)).toEqual([1, undefined, 3])
  expect(said).toEqual(['b: the objective command gave no number as "objective": diverged'])
})

test.each([
  [
    'dies',
    'if (i === 2) process.exit(3); say({ id: record.id, objective: i })',
    /^the objective command ended with exit code 3$/,
  ],
  [
    'is killed',
    'process.kill(process.pid, "SIGKILL")',
    /^the objective command (was ended by SIGKILL|ended with exit code 137)$/,
  ],
  [
    'answers out of order',
    'if (i > 1) say({ id: record.id, objective: i })',
    /^the objective command answered out of order: "b" where "a" was asked$/,
  ],
  [
    'answers without an id',
    'say({ objective: i })',
    /^the objective command answered out of order: no id where "a" was asked$/,
  ],
  [
    'prints other text',
    'console.log("epoch 1")',
    /^the objective command wrote a line that is no JSON object: epoch 1$/,
  ],
])('one that %s ends the search with one line', async (_, script, message) => {
  const { objective } = command(script)
  await expect(objective.valuesOf(RECORDS)).rejects.toThrow(message)
  await expect(objective.valuesOf(RECORDS)).rejects.toThrow(message)
})

test('one that hangs is given up, and is gone after close', async () => {
  const { objective } = command('setInterval(() => {}, 1000)', 0.5)
  await expect(objective.valuesOf(RECORDS)).rejects.toThrow(
    /^the objective command gave no answer for a within 0.5 s; does it flush/,
  )
  const closed = objective.close().then(() => 'closed')
  expect(await Promise.race([closed, delay(10_000, 'open')])).toBe('closed')
})

test('a command that is not found', async () => {
  const io = { signal: new AbortController().signal } as unknown as Io
  const objective = new CommandObjective('exec no-such-command 2> /dev/null', 20, io)
  await expect(objective.valuesOf(RECORDS)).rejects.toThrow(/ended with exit code 127$/)
})
