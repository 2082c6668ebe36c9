import { describe, expect, test } from 'vitest'
import { records, shell } from './run.js'

describe('leti without a tool', () => {
  test('--help lists the tools in groups', async () => {
    const { code, stdout, stderr } = await shell('leti --help')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/^Sample architectures:\n {2}nb101-sample {3}\S/m)
    expect(stdout).toMatch(/^Predict latency:\n {2}predict {8}\S/m)
    expect(stdout).toMatch(/^ +--version +Show version number/m)
  })

  test('--version is the version of the package', async () => {
    expect((await shell('leti --version')).stdout).toMatch(/^\d+\.\d+\.\d+$/)
  })

  test.each(['record', 'predictor'])('--schema %s prints a JSON Schema', async (name) => {
    const { code, stdout } = await shell(`leti --schema ${name}`)
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toHaveProperty('$schema', expect.stringContaining('json-schema.org'))
  })

  test.each([
    ['leti trian', /^leti: unknown command "trian"; known: .*\btrain\b/],
    ['leti predcit --help', /^leti: unknown command "predcit"; known: /],
    ['leti', /^leti: a command is missing; known: .*\btrain\b/],
    ['leti --schema cell', /^leti: --schema: unknown "cell"; known: record/],
    ['leti --no-such-option', /^leti: Unknown argument/],
  ])('%s is wrong usage, in one line', async (line, message) => {
    const { code, stdout, stderr } = await shell(line)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(message)
    expect(stderr.trim().split('\n')).toHaveLength(1)
  })
})

describe('leti with a tool', () => {
  test('prints what the tool prints', async () => {
    const through = await shell('leti nb101-sample -n 3 --seed 1 | leti featurize --set proxies')
    const direct = await shell('nb101-sample -n 3 --seed 1 | featurize --set proxies')
    expect(through).toEqual(direct)
    expect(records(through.stdout)).toHaveLength(3)
  })

  test('names the command as the user typed it', async () => {
    const help = (await shell('leti pick --help')).stdout
    expect(help).toMatch(/^leti pick \[options\] \[file\.\.\]$/m)
    expect(help).toContain('leti featurize cells.ndjson |')
    const { code, stderr } = await shell('leti train --folds none')
    expect(code).toBe(2)
    expect(stderr).toMatch(/^leti train: --folds/)
  })

  test('keeps the name of the tool in a record that fails', async () => {
    const { code, stdout } = await shell(`leti featurize <<< '{"id":"a"}'`)
    expect(code).toBe(1)
    expect(records(stdout)[0]).toHaveProperty('error.tool', 'featurize')
  })
})

describe('completion', () => {
  test('bash completes commands, and the options of a command', async () => {
    const complete = (words: string, index: number) =>
      shell(
        `source <(leti completion); COMP_WORDS=(${words}); COMP_CWORD=${index}
         _leti_yargs_completions; printf '%s\\n' "\${COMPREPLY[@]}"`,
        { env: { SHELL: '/bin/bash' } },
      )
    expect((await complete('leti tr', 1)).stdout.split('\n')).toEqual(['train'])
    expect((await complete('leti device-run --max', 2)).stdout).toBe('--max-seconds')
    expect((await complete('leti featurize cells.ndjson --f', 3)).stdout).toBe('--fusion')
  })

  test('zsh gets a script of its own', async () => {
    const { stdout } = await shell('leti completion', { env: { SHELL: '/bin/zsh' } })
    expect(stdout).toMatch(/^#compdef leti$/m)
  })
})
