import { serveJobs } from '@leti/pipe'
import { predicting } from './predicting.js'

// In a file of its own, which worker threads start with: `run.ts` names it.
serveJobs(predicting)
