export interface Battery {
  readonly percent?: number
  readonly temperatureC?: number
}

/**
 * Parses `dumpsys battery`. Its first lines are the current state, with the temperature in tenths of a
 * degree. Some manufacturers append a log of older states, which is ignored.
 */
export function parseBattery(text: string): Battery {
  const level = numberOf(text, 'level')
  const scale = numberOf(text, 'scale') ?? 100
  const tenths = numberOf(text, 'temperature')
  return {
    ...(level !== undefined && scale > 0 && { percent: Math.round((100 * level) / scale) }),
    ...(tenths !== undefined && { temperatureC: tenths / 10 }),
  }
}

function numberOf(text: string, name: string): number | undefined {
  const value = new RegExp(`^\\s*${name}: (-?\\d+)\\s*$`, 'm').exec(text)?.[1]
  return value === undefined ? undefined : Number(value)
}
