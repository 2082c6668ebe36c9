import { runTool } from '@leti/pipe'
import { tool } from './tool.js'

void runTool(tool, { url: import.meta.url })
