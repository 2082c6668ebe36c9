/**
 * The page that measures in a browser: it offers a runtime's session as a global, which the host calls
 * through the DevTools protocol. The build bundles it for browsers, with one chunk per runtime.
 */
import { LetiPage } from './leti-page.js'

Object.assign(globalThis, { leti: new LetiPage() })
