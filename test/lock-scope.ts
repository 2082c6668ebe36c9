import { randomUUID } from 'node:crypto'

// Files of tests run at once. The runs of one must not wait for those of another.
process.env.LETI_LOCK_SCOPE = randomUUID()
