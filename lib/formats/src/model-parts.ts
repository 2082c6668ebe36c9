import { basename, resolve } from 'node:path'
import { LetiError, type ErrorCode, type Model } from '@leti/records'
import { checkRegular, digestFiles } from '@leti/records/files'
import { formatByName, formatOf } from './format.js'
import type { ModelPart } from './model-part.js'

/**
 * The files of a model, weights before the file that lists them. All are regular files within their
 * limits; weights lie in the model's folder.
 *
 * @param path the file to load
 * @param format the model's format, by name
 * @throws {LetiError} `bad-model`, `unsupported`
 * @throws the system's error if `path` cannot be read
 */
export async function modelParts(path: string, format: string): Promise<readonly ModelPart[]> {
  const file = { name: basename(path), path: resolve(path) }
  const entry = formatByName(format) ?? formatOf(path)
  const weights = await entry.weightParts?.(file.path)
  await checkRegular(file.path)
  return [...(weights ?? []), file]
}

/**
 * Checks the files that a record's `model` names, and that they are the files that it was made for.
 *
 * @throws {LetiError} `bad-model`, `unsupported`
 * @throws the system's error if `path` cannot be read
 */
export async function checkModel(path: string, { format, sha256 }: Model): Promise<void> {
  const parts = await modelParts(path, format)
  if (sha256 === undefined) return
  const found = await digestFiles(parts.map((part) => part.path))
  checkDigest(path, sha256, found.sha256, 'bad-model')
}

/** @throws {LetiError} `code` if a model's files are not those that its record was made for */
export function checkDigest(path: string, expected: string, found: string, code: ErrorCode): void {
  if (expected.toLowerCase() === found) return
  throw new LetiError(
    code,
    `${path} has changed since its record was made: its SHA-256 is ${found}, not ${expected}; make a new record`,
  )
}
