import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Report } from './data.js'

/** The script and the style of the page (`page/main.ts` and `page/page.css`, bundled). */
export interface PageParts {
  readonly script: string
  readonly style: string
}

/** Reads the parts, which the build has put beside this module. */
export async function readPageParts(): Promise<PageParts> {
  const read = async (name: string) =>
    readFile(fileURLToPath(new URL(`report-page/${name}`, import.meta.url)), 'utf8')
  const [script, style] = await Promise.all([read('page.js'), read('page.css')])
  return { script, style }
}

/** The report as one HTML file, which needs no other file and no network. */
export function pageOf(report: Report, { script, style }: PageParts): string {
  // A script that closes its own element would end there.
  const safe = script.replaceAll('</script', '<\\/script')
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policyOf(safe)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="LETI report">
<link rel="icon" href="data:,">
<title>${escaped(report.title)}</title>
<style>${style}</style>
</head>
<body>
<noscript>This report needs JavaScript to draw its plots.</noscript>
<script type="application/json" id="report">${jsonOf(report)}</script>
<script>${safe}</script>
</body>
</html>`
}

/** Runs this one script, whatever a record holds, and loads nothing. */
function policyOf(script: string): string {
  const digest = createHash('sha256').update(script).digest('base64')
  return `default-src 'none'; script-src 'sha256-${digest}'; style-src 'unsafe-inline'; img-src data: blob:`
}

/** JSON that stands in HTML: without "<", no text of a record can end its element or open another. */
function jsonOf(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c')
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}
