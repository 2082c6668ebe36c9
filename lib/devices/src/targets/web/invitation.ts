import { renderUnicodeCompact } from 'uqr'

export interface Invitation {
  readonly device: string
  readonly url: string
  readonly code: string
  /** The certificate's digest, if browsers warn of it. */
  readonly fingerprint?: string | undefined
  /** Whether only browsers on this computer reach the URL. */
  readonly loopback: boolean
}

/** What the person at the terminal reads, in lines. */
export function invitationText({ device, url, code, fingerprint, loopback }: Invitation): string {
  return [
    `${device}: open ${url} in the browser to measure on, and type this code there: ${code}`,
    renderUnicodeCompact(url, { ecc: 'L', border: 2 }),
    ...(fingerprint ? [warningOf(device, fingerprint)] : []),
    ...(loopback
      ? [`${device}: only browsers on this computer reach it; --listen ADDRESS lets others in`]
      : []),
  ].join('\n')
}

function warningOf(device: string, fingerprint: string): string {
  return (
    `${device}: the browser will warn that it does not know the certificate, which was made for this run ` +
    `(SHA-256 ${fingerprint}). Go on if it shows this one; --cert and --key take one that it knows, such as mkcert's`
  )
}
