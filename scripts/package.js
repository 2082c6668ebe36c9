// Makes `leti-VERSION.tgz`, the package that `npm install -g ./leti-VERSION.tgz` installs. The build has
// put the code of all tools and libraries into `tools/leti`.
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { SCHEMAS, schemaText } from '../tools/leti/dist/schemas.js'

const FOLDER = 'build/package'

rmSync(FOLDER, { recursive: true, force: true })
for (const part of ['bin', 'build', 'bundle']) {
  cpSync(`tools/leti/${part}`, `${FOLDER}/${part}`, { recursive: true })
}
for (const file of ['CHANGELOG.md', 'LICENSE', 'SECURITY.md']) cpSync(file, `${FOLDER}/${file}`)
// The top README is about the clone: its links lead nowhere outside of it.
cpSync('tools/leti/README.md', `${FOLDER}/README.md`)
mkdirSync(`${FOLDER}/schema`)
for (const name of Object.keys(SCHEMAS)) {
  writeFileSync(`${FOLDER}/schema/${name}.schema.json`, (await schemaText(name)) + '\n')
}
writeFileSync(`${FOLDER}/package.json`, JSON.stringify(manifest(), null, 2) + '\n')
execFileSync('npm', ['pack', `./${FOLDER}`, '--loglevel=error'], { stdio: 'inherit' })

/** The manifest of `tools/leti`, with the commands outside the clone, without what is bundled. */
function manifest() {
  const { publishConfig, ...own } = JSON.parse(readFileSync('tools/leti/package.json', 'utf8'))
  delete own.private
  delete own.devDependencies
  return { ...own, ...publishConfig }
}
