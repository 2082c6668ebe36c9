// Times the three ways of sampling of nb101-sample, compared with bare Node and the public script.
import { buildCells } from '../../lib/spaces/dist/index.js'
import { medianSeconds, runLine } from './run-line.js'

/**
 * Time of the public generate_graphs.py without its check for isomorphisms. It was measured on another
 * machine of this size and is not run here.
 */
const PUBLIC_SCRIPT_SECONDS = 220

const node = await medianSeconds('node -e 0', 9)
const start = performance.now()
await buildCells()
const build = (performance.now() - start) / 1000
const all = await medianSeconds('nb101-sample --all', 5)
const { peaks } = await runLine('nb101-sample --all | cat')
const draw = await medianSeconds('nb101-sample -n 1000', 9)

const beside = (seconds) => `1/${(PUBLIC_SCRIPT_SECONDS / seconds).toFixed(0)} of the public script`
console.log('nb101-sample')
console.log(`  build the space     ${build.toFixed(2)} s   ${beside(build)}`)
console.log(
  `  --all               ${all.toFixed(2)} s   ${beside(all)}, ${peaks.get('nb101-sample')} MiB`,
)
console.log(`  -n 1000             ${draw.toFixed(3)} s  ${(draw / node).toFixed(2)}x bare Node`)
console.log(`  node -e 0           ${node.toFixed(3)} s`)
