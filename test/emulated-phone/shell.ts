import { spawn, type ChildProcess } from 'node:child_process'
import { Readable, type Writable } from 'node:stream'
import { COMMAND_CLIENT } from './commands/programs.js'
import type { Call } from './commands/server.js'
import { cuttingOut } from './cut-out.js'
import type { PhoneFiles } from './files.js'
import { processesOf, type PhoneProcess } from './processes.js'
import { readShellInput, shellPacket, STDERR, STDOUT, exitPacket } from './shell-protocol.js'
import type { AdbStream } from './stream.js'

/** How the host communicates with a command. */
type Mode = 'v2' | 'plain'

/** Runs an Android command. Returns its exit code; `undefined` if there is no such command. */
export type Program = (name: string, call: Call) => Promise<number> | undefined

/**
 * The phone's shell: this computer's /bin/sh in the phone's root, with the phone's commands first on its
 * PATH. Each command leads a session of its own, so that processes it leaves behind can be found. A line that
 * is one Android command needs neither a shell nor a process.
 */
export class Shell {
  /** The shell commands that the host has run, oldest first. */
  readonly history: string[] = []
  private readonly sessions = new Set<number>()

  constructor(
    private readonly files: PhoneFiles,
    private readonly environment: Readonly<Record<string, string>>,
    private readonly isDiskFull: () => boolean,
    private readonly program: Program,
  ) {}

  /** `shell[,v2][,TERM=...][,raw|pty]:COMMAND` or `exec:COMMAND`. */
  serve(service: string, stream: AdbStream): void {
    const colon = service.indexOf(':')
    const mode: Mode = service.slice(0, colon).split(',').includes('v2') ? 'v2' : 'plain'
    this.run(service.slice(colon + 1), mode, stream)
  }

  /** Runs a command that the host did not request, such as an app's. Its processes are the phone's too. */
  start(command: string, variables: Readonly<Record<string, string>> = {}): ChildProcess {
    const line = execSimple(this.files.mapCommand(command, this.isDiskFull()))
    const child = spawn('/bin/sh', command ? ['-c', line] : ['-'], {
      cwd: this.files.root,
      env: { ...this.environment, ...variables },
      detached: true,
      stdio: 'pipe',
    })
    const { pid } = child
    if (pid) {
      this.sessions.add(pid)
      // A session that leaves no process behind is forgotten: another program may get its number.
      child.once('exit', () => {
        if (!processesOf(new Set([pid])).length) this.sessions.delete(pid)
      })
    }
    return child
  }

  /** The running processes, without those that only forward an Android command. */
  processes(): PhoneProcess[] {
    return processesOf(this.sessions).filter(({ command }) => !command.includes(COMMAND_CLIENT))
  }

  /** Ends all processes of the phone, as a reboot does. */
  killAll(): void {
    for (const { pid } of processesOf(this.sessions)) {
      try {
        process.kill(pid, 'SIGKILL')
      } catch {
        // The process has ended in the meantime.
      }
    }
  }

  private run(command: string, mode: Mode, stream: AdbStream): void {
    this.history.push(command)
    if (!this.runProgram(command, mode, stream)) this.runShell(command, mode, stream)
  }

  /** Runs a line that is one Android command. Returns whether it is. */
  private runProgram(command: string, mode: Mode, stream: AdbStream): boolean {
    const { line = command, mark } = TELLING.exec(command)?.groups ?? {}
    const [name, ...args] = SIMPLE.test(line) ? wordsOf(line) : []
    if (!name) return false
    const gone = new AbortController()
    const send = (id: number) => (text: string) => {
      const bytes = Buffer.from(text.replaceAll(this.files.root, ''))
      if (stream.writable) stream.write(mode === 'v2' ? shellPacket(id, bytes) : bytes)
    }
    const [out, err] = [send(STDOUT), send(STDERR)]
    const running = this.program(name, { args, out, err, lines: NO_LINES, signal: gone.signal })
    if (!running) return false
    stream.once('close', () => gone.abort())
    stream.resume()
    void running.then((code) => {
      if (mark !== undefined) out(`${mark}${code}\n`)
      const last = mark === undefined ? code : 0
      if (mode === 'v2' && stream.writable) stream.write(exitPacket(last, null))
      stream.end()
    })
    return true
  }

  private runShell(command: string, mode: Mode, stream: AdbStream): void {
    const child = this.start(command)
    const stdin = child.stdin as Writable
    // The command may end without reading its input.
    stdin.on('error', () => undefined)
    if (mode === 'v2') readShellInput(stream, stdin)
    else stream.pipe(stdin)
    const send = (from: Readable | null, id: number): Promise<void> => {
      const output = (from as Readable).pipe(cuttingOut(this.files.root))
      output.on('data', (chunk: Buffer) => {
        const bytes = mode === 'v2' ? shellPacket(id, chunk) : chunk
        if (!stream.writable || stream.write(bytes)) return
        output.pause()
        stream.once('drain', () => output.resume())
      })
      return new Promise((resolve) => output.once('close', resolve))
    }
    // Output that the host has not read yet comes before the exit code.
    const sent = Promise.all([send(child.stdout, STDOUT), send(child.stderr, STDERR)])
    // As in adbd: when the host disconnects, only the shell itself gets SIGHUP.
    stream.once('close', () => child.kill('SIGHUP'))
    child.once('error', () => stream.destroy())
    child.once('close', (code, signal) => {
      void sent.then(() => {
        if (mode === 'v2' && stream.writable) stream.write(exitPacket(code, signal))
        stream.end()
      })
    })
  }
}

/** A simple command: words without quotes or in single quotes. */
const SIMPLE = /^(?:'[^']*'|[\w@%+=:,./-])+(?:\s+(?:'[^']*'|[\w@%+=:,./-])+)*\s*$/
/** A command, and its exit code in the output: from older phones, hosts learn it in no other way. */
const TELLING = /^(?<line>[^;]*);\s*echo "(?<mark>[^"$`\\]*)\$\?"$/
const NO_LINES = Readable.from([])
/** Commands that the shell must run itself. */
const BUILTINS = /^(?:cd|exec|exit|export|kill|set|trap|ulimit|umask|unset|wait|\w+=)/

/** A phone's shell, mksh, replaces itself by a simple command, so that a signal reaches the program. */
function execSimple(command: string): string {
  return SIMPLE.test(command) && !BUILTINS.test(command) ? `exec ${command}` : command
}

/** The words of a simple command, without their quotes. */
function wordsOf(command: string): string[] {
  return [...command.matchAll(/(?:'[^']*'|[^\s'])+/g)].map(([word]) => word.replaceAll("'", ''))
}
