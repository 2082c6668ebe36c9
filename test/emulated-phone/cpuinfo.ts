/** `/proc/cpuinfo` of an arm64 phone with eight cores, as Linux prints it. */
export function cpuinfo(): string {
  const parts = ['0xd05', '0xd05', '0xd05', '0xd05', '0xd41', '0xd41', '0xd44', '0xd44']
  const core = (part: string, i: number) =>
    [
      `processor\t: ${i}`,
      'BogoMIPS\t: 49.15',
      'Features\t: fp asimd evtstrm aes pmull sha1 sha2 crc32 atomics fphp asimdhp cpuid asimdrdm lrcpc dcpop asimddp',
      'CPU implementer\t: 0x41',
      'CPU architecture: 8',
      'CPU variant\t: 0x1',
      `CPU part\t: ${part}`,
      'CPU revision\t: 0',
      '\n',
    ].join('\n')
  return parts.map(core).join('')
}
