import { realpath } from 'node:fs/promises'
import { isAbsolute, join, normalize, relative } from 'node:path'

/**
 * Finds a file by the path that another file gives, such as a model.json for its weights.
 *
 * @param folder that the path starts from
 * @returns the file's own path, without links; undefined if it is not inside the folder
 * @throws the system's error if there is no such file
 */
export async function fileWithin(folder: string, path: string): Promise<string | undefined> {
  const local = normalize(path)
  if (!isInside(local) || path.includes('\0')) return undefined
  const [root, file] = await Promise.all([realpath(folder), realpath(join(folder, local))])
  return isInside(relative(root, file)) ? file : undefined
}

function isInside(path: string): boolean {
  return path !== '' && path !== '.' && !isAbsolute(path) && !/^\.\.($|[\\/])/.test(path)
}
