const WIDTH = 160

/** JSON for people: a value is on one line if it fits, otherwise each member is on its own line. */
export function readableJson(value: unknown, indent = ''): string {
  const line = JSON.stringify(value)
  if (indent.length + line.length <= WIDTH || typeof value !== 'object' || value === null) {
    return line
  }
  const inner = indent + '  '
  const items = Array.isArray(value)
    ? value.map((item) => readableJson(item, inner))
    : Object.entries(value)
        .filter(([, member]) => member !== undefined)
        .map(([name, member]) => `${JSON.stringify(name)}: ${readableJson(member, inner)}`)
  const [open, close] = Array.isArray(value) ? '[]' : '{}'
  return `${open}\n${items.map((item) => inner + item).join(',\n')}\n${indent}${close}`
}
