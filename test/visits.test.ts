import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { records, shell, SMALL, startDeviceRun as start, until, type TestRecord } from './run.js'

const folder = mkdtempSync(join(tmpdir(), 'leti-test-'))
const FAST = '--max-seconds 0.02 --no-verify'

function visitsOf(written: readonly TestRecord[]): string[] {
  return written.map(({ id, measurement }) => `${id} ${measurement?.visit}`)
}

test('visits are killed and continued: each is there once, in the order of the seed', async () => {
  const file = join(folder, 'cells.ndjson')
  const out = join(folder, 'out.ndjson')
  await shell(`nb101-sample -n 4 ${SMALL} > ${file}`)
  const visiting = ['-q', '-d', 'node', '--visits', '2', '--seed', '5', ...FAST.split(' ')]

  const run = start([...visiting, file])
  await until(() => run.output().split('\n').length > 2)
  run.child.kill('SIGKILL')
  await run.ended
  // A truncated line, as a kill during a write leaves it.
  writeFileSync(out, run.output().replace(/[^\n]*$/, '{"id":"nb101-'))
  const { code } = await shell(`device-run ${visiting.join(' ')} --resume ${out} ${file} >> ${out}`)
  expect(code).toBe(0)

  const written = records(readFileSync(out, 'utf8'))
  const ids = records(readFileSync(file, 'utf8')).map(({ id }) => id)
  expect(visitsOf(written).toSorted()).toEqual(ids.flatMap((id) => [`${id} 1`, `${id} 2`]).sort())
  for (const { measurement } of written) {
    expect(Date.parse(measurement?.started_at ?? '')).toBeGreaterThan(0)
    expect(measurement?.sampled_ms).toBeGreaterThan(0)
  }
  const whole = await shell(`device-run ${visiting.join(' ')} ${file}`)
  expect(visitsOf(records(whole.stdout))).toEqual(visitsOf(written))
})

test('a network that cannot be made has one error record, others all their visits', async () => {
  const wrong = '{"id":"wrong","arch":{"space":"nb101"}}'
  const { code, stdout } = await shell(
    `(echo '${wrong}'; nb101-sample -n 1 ${SMALL}) | device-run -q -d node --visits 2 ${FAST}`,
  )
  expect(code).toBe(1)
  const written = records(stdout)
  expect(written.filter(({ error }) => error?.code === 'bad-arch')).toHaveLength(1)
  const measured = written.filter(({ measurement }) => measurement)
  expect(measured.map(({ measurement }) => measurement?.visit)).toEqual([1, 2])
})
