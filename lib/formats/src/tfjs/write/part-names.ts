/** Names a node or constant that is a part of a kernel. */
export type PartNames = (kernel: string, part: string) => string

/**
 * Names parts `kernel/part`. Where a kernel already has that name the part is called `kernel>part`:
 * TensorFlow allows `>`, and no kernel's name contains it.
 *
 * @param kernels names of all kernels
 */
export function partNames(kernels: readonly string[]): PartNames {
  const taken = new Set(kernels)
  return (kernel, part) => {
    const name = `${kernel}/${part}`
    return taken.has(name) ? `${kernel}>${part}` : name
  }
}
