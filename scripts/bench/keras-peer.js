// Keras with TFLiteConverter as a peer, where Python has TensorFlow: $PYTHON, or python3.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const python = process.env.PYTHON ?? 'python3'

/** Whether Python finds it; it is not loaded, which takes seconds. */
export function hasTensorflow() {
  const find = "import importlib.util as u, sys; sys.exit(not u.find_spec('tensorflow'))"
  return spawnSync(python, ['-c', find], { stdio: 'ignore' }).status === 0
}

/**
 * Builds the cells of records in Keras and converts each, one after the other. Returns for each the seconds by the clock
 * and of CPU, from the architecture to the file, and the bytes and trainable parameters of the model. What Python and the
 * first conversion of a process cost once is not counted.
 *
 * @param file to write models to
 */
export function convertCells(records, file) {
  const script = fileURLToPath(new URL('keras-peer.py', import.meta.url))
  const { status, stdout, stderr } = spawnSync(python, [script, file], {
    input: records.map((record) => JSON.stringify(record)).join('\n'),
    encoding: 'utf8',
    maxBuffer: 1e9,
  })
  if (status !== 0) throw new Error(`${script} failed: ${stderr.slice(-2000)}`)
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
}
