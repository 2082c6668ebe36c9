/** A relative path as a relative URL: any character may stand in the name of a file. */
export function urlOf(path: string): string {
  return path.split('/').filter(Boolean).map(encodeURIComponent).join('/')
}
