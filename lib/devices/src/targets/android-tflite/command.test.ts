import { expect, test } from 'vitest'
import {
  givesOutputs,
  parseHelp,
  provesFullDelegation,
  toFlags,
  type Invocation,
  type Tool,
} from './command.js'

/** The format of TensorFlow's `Flags::Usage`, shortened. */
const help = (...flags: string[]): string =>
  `ERROR: usage: ./benchmark_model <flags>\nFlags:\n${flags
    .map((flag) => `\t--${flag}    \tint32\toptional\twhat it does, see also --other=1\n`)
    .join('')}`

const COMMON = ['num_runs=50', 'min_secs=1', 'max_secs=150', 'warmup_runs=1', 'warmup_min_secs=0.5']
const interpreter = parseHelp(
  help(
    ...COMMON,
    ...[
      'graph=',
      'num_threads=-1',
      'use_gpu=false',
      'use_nnapi=false',
      'enable_op_profiling=false',
    ],
    ...['input_layer=', 'input_layer_shape=', 'input_layer_value_files=', 'output_filepath='],
  ),
) as Tool
const compiled = parseHelp(
  help(
    ...COMMON,
    ...['graph=', 'use_cpu=true', 'use_gpu=false', 'use_profiler=false'],
    ...['require_full_delegation=false', 'report_peak_memory_footprint=false'],
  ),
) as Tool

const INVOCATION: Invocation = {
  graph: '/d/m.tflite',
  backend: 'cpu',
  threads: 4,
  warmUpRuns: 1,
  warmUpSeconds: 0.5,
  minRuns: 10,
  minSeconds: 1,
  maxSeconds: 10,
  requireFullDelegation: false,
}

test('the flags tell the generation', () => {
  expect(interpreter.generation).toBe('interpreter')
  expect(compiled.generation).toBe('compiled-model')
  expect(interpreter.flags).not.toContain('other')
})

test.each(['use_cpu=true', 'use_npu=false', 'use_profiler=false', 'dispatch_library_path='])(
  'a single flag is enough to tell a CompiledModel: %s',
  (flag) => {
    expect(parseHelp(help(...COMMON, 'graph=', flag))?.generation).toBe('compiled-model')
  },
)

test('rejects the help of other programs', () => {
  expect(parseHelp('Usage: ls [OPTION]... [FILE]...\n  --author=x\n')).toBeUndefined()
  expect(
    parseHelp('/system/bin/sh: ./benchmark_model: not executable: 64-bit ELF file'),
  ).toBeUndefined()
})

test('flags of a run on the CPU', () => {
  expect(toFlags(interpreter, INVOCATION)).toEqual([
    '--graph=/d/m.tflite',
    '--num_threads=4',
    '--warmup_runs=1',
    '--warmup_min_secs=0.5',
    '--num_runs=10',
    '--min_secs=1',
    '--max_secs=10',
  ])
})

test('flags of a run with inputs, outputs and a profile', () => {
  const inputs = [
    { shape: [1, 32, 32, 3], path: '/d/a.bin' },
    { shape: [1, 10], path: '/d/b.bin' },
  ]
  const flags = toFlags(interpreter, {
    ...INVOCATION,
    backend: 'gpu',
    profile: true,
    inputs,
    output: '/d/out',
  })
  expect(flags.slice(-6)).toEqual([
    '--use_gpu=true',
    '--enable_op_profiling=true',
    '--input_layer=input0,input1',
    '--input_layer_shape=1,32,32,3:1,10',
    '--input_layer_value_files=input0:/d/a.bin,input1:/d/b.bin',
    '--output_filepath=/d/out',
  ])
})

test('the CompiledModel checks for full delegation only without the CPU', () => {
  const gpu = { ...INVOCATION, backend: 'gpu', memory: true }
  expect(toFlags(compiled, gpu)).toContain('--use_gpu=true')
  expect(toFlags(compiled, gpu)).toEqual(
    expect.arrayContaining(['--use_cpu=true', '--require_full_delegation=false']),
  )
  expect(toFlags(compiled, gpu)).toContain('--report_peak_memory_footprint=true')
  const flags = toFlags(compiled, { ...gpu, requireFullDelegation: true })
  expect(flags).toEqual(
    expect.arrayContaining(['--use_cpu=false', '--require_full_delegation=true']),
  )
})

test('checks nothing on the CPU', () => {
  const flags = toFlags(compiled, { ...INVOCATION, requireFullDelegation: true })
  expect(flags).toEqual(
    expect.arrayContaining(['--use_cpu=true', '--require_full_delegation=false']),
  )
})

test('success proves nothing if the build has no check', () => {
  expect(provesFullDelegation(compiled)).toBe(true)
  expect(provesFullDelegation(interpreter)).toBe(false)
  const flags = new Set(compiled.flags)
  flags.delete('require_full_delegation')
  const older: Tool = { ...compiled, flags }
  expect(provesFullDelegation(older)).toBe(false)
  expect(toFlags(older, { ...INVOCATION, backend: 'gpu', requireFullDelegation: true })).toContain(
    '--use_cpu=true',
  )
})

test('leaves out flags that the build does not know', () => {
  const flags = toFlags(compiled, { ...INVOCATION, inputs: [], output: '/d/out' })
  expect(flags.join(' ')).not.toMatch(/output_filepath|input_layer|num_threads/)
  expect(givesOutputs(compiled)).toBe(false)
  expect(givesOutputs(interpreter)).toBe(true)
})
