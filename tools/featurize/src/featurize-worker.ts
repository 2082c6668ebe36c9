import { serveJobs } from '@leti/pipe'
import { featurizing } from './featurizing.js'

// In a file of its own, which worker threads start with: `run.ts` names it.
serveJobs(featurizing)
