// The licenses of the packages that a bundle contains, which ask to be passed on with it.
import { readdirSync, readFileSync } from 'node:fs'

/**
 * @param inputs paths of the bundled files, as esbuild's metafile has them
 * @returns the text of a file that names each package, its version and its license
 */
export function licensesOf(inputs) {
  const folders = new Set(inputs.map(folderOf).filter(Boolean))
  return [...folders]
    .sort()
    .map(licenseOf)
    .join(`\n${'-'.repeat(80)}\n\n`)
}

/** The folder of the package that a file belongs to: what follows the last `node_modules/`. */
function folderOf(path) {
  return /^node_modules\/(.*\/node_modules\/)?(@[^/]+\/)?[^/]+/.exec(path)?.[0]
}

function licenseOf(folder) {
  const { name, version, license } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'))
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry))
  const text = file ? readFileSync(`${folder}/${file}`, 'utf8').trim() : `License: ${license}`
  return `${name} ${version}\n\n${text}\n`
}
