/** The name of a node or constant that is a part of the kernel of this name. */
export type PartNames = (kernel: string, part: string) => string

/**
 * Names of parts that no kernel has: `kernel/part`, and where a kernel is called so, a name with a
 * character that TensorFlow takes and the names of kernels do not have.
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
