import { parseJson } from '@leti/records'
import * as tf from '@tensorflow/tfjs'

/**
 * Loads a model from its model.json. The loaders of tfjs cannot read files in Node, and in a page they
 * put names of weight files into URLs as they are.
 *
 * @param text of the model.json
 * @param readWeights reads a weight file, by the path that the model.json gives
 * @throws {LetiError} `bad-input` if the text is not JSON
 */
export async function loadArtifacts(
  text: string,
  readWeights: (path: string) => Promise<ArrayBuffer>,
): Promise<tf.io.ModelArtifacts> {
  const json = parseJson(text) as tf.io.ModelJSON
  return tf.io.getModelArtifactsForJSON(json, async (manifest) => {
    const paths = manifest.flatMap((group) => group.paths)
    return [
      manifest.flatMap((group) => group.weights),
      await Promise.all(paths.map((path) => readWeights(path))),
    ]
  })
}
