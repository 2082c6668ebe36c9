// On import, puts the tools on the PATH and changes to the repository's root. So each bench also runs alone.
import { delimiter } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))
process.chdir(root)
process.env.PATH = `${root}node_modules/.bin${delimiter}${process.env.PATH}`
