import { createServer, type AddressInfo, type Server } from 'node:net'
import type { PhoneIdentity } from './identity.js'
import { Transport, type Service } from './transport.js'

const FEATURES = ['shell_v2', 'cmd', 'stat_v2', 'ls_v2', 'fixed_push_mkdir', 'apex']

/** The phone's adbd: one TCP port, to which the real adb server connects. */
export class PhoneDaemon {
  private readonly transports = new Set<Transport>()
  private isDeaf = false
  private server?: Server
  port = 0

  constructor(
    private readonly identity: PhoneIdentity,
    private readonly authorized: () => boolean,
    private readonly open: (service: string, transport: Transport) => Promise<Service | undefined>,
    private readonly onClosed: (transport: Transport) => void,
  ) {}

  /** Listens on the same port as before, or on a free one the first time. */
  async listen(): Promise<void> {
    if (this.server) return
    const server = createServer((socket) => {
      const { identity, authorized, open } = this
      const transport = new Transport(socket, { banner: bannerOf(identity), authorized, open })
      transport.deaf = this.isDeaf
      this.transports.add(transport)
      socket.on('close', () => {
        this.transports.delete(transport)
        this.onClosed(transport)
      })
    })
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(this.port, '127.0.0.1', resolve)
    })
    this.server = server
    this.port = (server.address() as AddressInfo).port
  }

  /** Ends all connections and stops listening. */
  async stop(): Promise<void> {
    const { server } = this
    this.server = undefined
    const closed = server && new Promise((resolve) => server.close(resolve))
    this.dropAll()
    await closed
  }

  dropAll(): void {
    for (const transport of this.transports) transport.drop()
  }

  /** Called when the user taps "Allow". */
  userAllowed(): void {
    for (const transport of this.transports) transport.userAllowed()
  }

  /** Ends all connections. A deaf phone does not answer on new ones. */
  setDeaf(isDeaf: boolean): void {
    if (isDeaf !== this.isDeaf) this.dropAll()
    this.isDeaf = isDeaf
  }
}

function bannerOf({ device, model }: PhoneIdentity): string {
  const properties = {
    'ro.product.name': device,
    'ro.product.model': model,
    'ro.product.device': device,
  }
  const named = Object.entries(properties).map(([name, value]) => `${name}=${value};`)
  return `${named.join('')}features=${FEATURES.join(',')}`
}
