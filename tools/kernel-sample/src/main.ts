import { runTool } from '@leti/pipe'
import { tool } from './tool.js'

await runTool(tool, { url: import.meta.url })
