import { expect, test } from 'vitest'
import { records, shell } from './run.js'

/** Cells of NAS-Bench-201 whose made-up latency grows with the number of 3x3 convolutions. */
const TABLE = ['cell,latency']
for (let i = 0; i < 64; i++) {
  const ops = [0, 1, 2].map(
    (bit) => ['nor_conv_1x1', 'nor_conv_3x3', 'avg_pool_3x3', 'skip_connect'][(i >> (2 * bit)) & 3],
  )
  const [a, b, c] = ops
  const heavy = ops.filter((name) => name === 'nor_conv_3x3').length
  TABLE.push(`|${a}~0|+|${b}~0|none~1|+|${c}~0|none~1|skip_connect~2|,${3000 + 2000 * heavy + i}`)
}

const COLUMNS = '--columns id=cell,arch.arch_str=cell,latency_us=latency'

test('a table becomes records that featurize, train and evaluate take', async () => {
  const input = { stdin: 'pipe', input: TABLE.join('\n') } as const
  const imported = `import-results ${COLUMNS} --set device=phone,arch.space=nb201`
  const { code, stdout, stderr } = await shell(
    `${imported} | featurize | train -q --model additive`,
    input,
  )
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  const { device, training } = JSON.parse(stdout) as { device: string; training: { count: number } }
  expect({ device, ...training }).toMatchObject({
    device: 'phone',
    count: 64,
    latency_ms: { min: 3 },
  })
})

test('says which line is wrong, and what is missing', async () => {
  const table = 'n,lat\na,1\nb,0\nc,\n'
  const run = (options: string) =>
    shell(`import-results --columns id=n,latency_ms=lat ${options}`, {
      stdin: 'pipe',
      input: table,
    })
  const { code, stdout, stderr } = await run('--set device=d')
  expect(code).toBe(1)
  expect(records(stdout).map(({ id }) => id)).toEqual(['a'])
  expect(stderr.split('\n')).toEqual([
    'stdin:3: "measurement.latency_ms.median" must be a positive number of milliseconds',
    'stdin:4: no latency: the row is skipped',
  ])
  const nameless = await run('')
  expect(nameless.code).toBe(2)
  expect(nameless.stderr).toContain('--set device=NAME')
  // A name that is mistyped, before what is missing for a table.
  const mistyped = await shell('import-results nowhere.csv')
  expect(mistyped.code).toBe(2)
  expect(mistyped.stderr).toBe('import-results: cannot read nowhere.csv: no such file')
})
