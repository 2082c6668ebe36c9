// The program of each emulated Android command: it passes its name and arguments to the emulated phone over a
// Unix socket, prints the answer and exits with the phone's exit code.
import { connect } from 'node:net'
import { createInterface } from 'node:readline'

const [name, ...args] = process.argv.slice(2)
const socket = connect(process.env.EMULATED_PHONE_SOCKET ?? '')
socket.on('error', (error) => {
  process.stderr.write(`${name}: ${error.message}\n`)
  process.exitCode = 1
})
socket.write(`${JSON.stringify({ name, args })}\n`)
for await (const line of createInterface({ input: socket })) {
  const { out, err, exit } = JSON.parse(line)
  if (out !== undefined) process.stdout.write(out)
  if (err !== undefined) process.stderr.write(err)
  if (exit !== undefined) process.exitCode = exit
}
