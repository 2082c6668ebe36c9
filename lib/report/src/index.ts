export type { Report } from './data.js'
export { Gathering } from './gather.js'
export { pageOf, readPageParts } from './page.js'
export { reportOf } from './report.js'
