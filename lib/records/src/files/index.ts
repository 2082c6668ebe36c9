export { readGiven } from './given-file.js'
export { checkRegular, digestFiles, MAX_FILE_BYTES, readRegular } from './regular-file.js'
export { isSystemError, systemReason } from './system-reason.js'
export { fileWithin } from './within.js'
