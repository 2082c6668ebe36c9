import { RUNTIME_FUSION, RUNTIMES_WITH_RULES, type FusionRules } from '@leti/network'
import { LetiError, messageOf, parseJson } from '@leti/records'
import { readGiven } from '@leti/records/files'
import { fusionRulesOf } from './fusion-file.js'

/**
 * Fusion rules of a runtime, by its name, or of a device, from a file of fusion-probe.
 *
 * @param signal ends the wait for a pipe
 * @param source the value of the option --fusion
 * @throws {LetiError} `usage` if the source is neither
 */
export async function readFusion(source: string, signal?: AbortSignal): Promise<FusionRules> {
  if (Object.hasOwn(RUNTIME_FUSION, source)) {
    return RUNTIME_FUSION[source as keyof typeof RUNTIME_FUSION]
  }
  try {
    return fusionRulesOf(parseJson(await readGiven(source, signal)))
  } catch (error) {
    signal?.throwIfAborted()
    const known = RUNTIMES_WITH_RULES.join(', ')
    const message = `--fusion takes one of ${known}, or a file: ${source}: ${messageOf(error)}`
    throw new LetiError('usage', message, { cause: error })
  }
}
