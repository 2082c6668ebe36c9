/** Fetches a file from the page's server. */
export async function fetched(url: string): Promise<ArrayBuffer> {
  const response = await fetch(url)
  if (!response.ok) throw new Error(`cannot load ${url}: ${response.status}`)
  return response.arrayBuffer()
}
