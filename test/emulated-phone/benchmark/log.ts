/**
 * The loggers of the real tools: tflite/tools/logging.h (INFO and WARN to stdout, ERROR to stderr),
 * tflite/minimal_logging_android.cc and litert/c/internal/litert_logging.cc (stderr). On Android all three
 * also write to logcat.
 */
import { writeSync } from 'node:fs'
import { connect, type Socket } from 'node:net'

const PRIORITIES: Readonly<Record<string, string>> = {
  INFO: 'I',
  WARN: 'W',
  ERROR: 'E',
  VERBOSE: 'V',
}
export const STDOUT = 1
const STDERR = 2

let logd: Socket | undefined

/** Connects to the phone's log if the tool runs on a phone. */
export function openLog(): void {
  const { EMULATED_PHONE_SOCKET: path } = process.env
  if (!path) return
  logd = connect(path)
  logd.on('error', () => undefined)
  logd.write(`${JSON.stringify({ name: 'logd', args: [] })}\n`)
  logd.unref()
}

/** Ends the program once its log has been delivered. */
export function exit(code: number): void {
  process.exitCode = code
  logd?.end()
}

/** Writes synchronously, like the real tool: what was written is printed even if the program is killed. */
export function write(fd: number, data: string | Buffer): void {
  let rest = Buffer.from(data)
  while (rest.length) {
    try {
      rest = rest.subarray(writeSync(fd, rest))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error
    }
  }
}

function log(severity: string, tag: string, text: string): void {
  write(STDERR, `${severity}: ${text}\n`)
  logcat(severity, tag, text)
}

function logcat(severity: string, tag: string, text: string): void {
  const entry = { priority: PRIORITIES[severity], tag, pid: process.pid, text }
  logd?.write(`${JSON.stringify(entry)}\n`)
}

let isOld = false

/** Tools before 2022 log to stderr, without a severity. */
export function logAsOldTool(): void {
  isOld = true
}

function logTool(fd: number, severity: string, text: string): void {
  if (isOld) write(STDERR, `${text}\n`)
  else write(fd, `${severity}: ${text}\n`)
  logcat(severity, 'tflite', text)
}

/** TFLITE_LOG of the tool itself. */
export const tool = {
  info: (text: string) => logTool(STDOUT, 'INFO', text),
  warn: (text: string) => logTool(STDOUT, 'WARN', text),
  error: (text: string) => logTool(STDERR, 'ERROR', text),
}

/** The logger of BenchmarkModelActivity.java, which has no terminal. */
export const activity = {
  info: (text: string) => logcat('INFO', 'tflite_BenchmarkModelActivity', text),
}

/** The logger of the TFLite runtime. */
export const runtime = {
  info: (text: string) => log('INFO', 'tflite', text),
  verbose: (text: string) => log('VERBOSE', 'tflite', text),
  error: (text: string) => log('ERROR', 'tflite', text),
}

/** LITERT_LOG, which prints the place in the source. */
export const litert = {
  info: (place: string, text: string) => log('INFO', 'litert', `[${place}] ${text}`),
  error: (place: string, text: string) => log('ERROR', 'litert', `[${place}] ${text}`),
}
