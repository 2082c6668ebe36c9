import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Downloads and unpacks the packages of a list that the cache lacks.
 *
 * @returns their folders
 */
export function fetchPackages(list, cache) {
  mkdirSync(cache, { recursive: true })
  return readFileSync(list, 'utf8')
    .split('\n')
    .map((line) => /^(npm|pypi) ([@\w./-]+)(?:==([\w.-]+))?/.exec(line.trim()))
    .filter((match) => match !== null)
    .flatMap(([, registry, name, version]) => {
      const folder = join(cache, `${registry}-${name.replaceAll('/', '-')}-${version ?? 'latest'}`)
      try {
        if (!existsSync(folder)) fetchPackage(registry, name, version, folder)
        return [folder]
      } catch (error) {
        console.log(`${name}: not fetched (${String(error.message).split('\n')[0]})`)
        return []
      }
    })
}

/** The folder appears only when it is complete. */
function fetchPackage(registry, name, version, folder) {
  const aside = `${folder}.part`
  rmSync(aside, { recursive: true, force: true })
  mkdirSync(aside)
  const run = (command, args) => execFileSync(command, args, { cwd: aside, stdio: 'ignore' })
  if (registry === 'npm') run('npm', ['pack', '--silent', version ? `${name}@${version}` : name])
  else run('pip', ['download', '--quiet', '--no-deps', version ? `${name}==${version}` : name])
  for (const archive of readdirSync(aside)) {
    const isZip = /\.(whl|zip)$/.test(archive)
    if (isZip) run('python3', ['-m', 'zipfile', '-e', archive, '.'])
    else run('tar', ['xzf', archive])
    rmSync(join(aside, archive))
  }
  renameSync(aside, folder)
}
