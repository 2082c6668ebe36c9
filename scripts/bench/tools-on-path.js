// Importing this puts the tools on the PATH and goes to the repository's root: each bench runs by itself.
import { delimiter } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))
process.chdir(root)
process.env.PATH = `${root}node_modules/.bin${delimiter}${process.env.PATH}`
