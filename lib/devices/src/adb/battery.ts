export interface Battery {
  readonly percent?: number
  readonly temperatureC?: number
}

/**
 * Reads `dumpsys battery`: its first lines are the state, temperature in tenths of a degree; what some
 * makers append below is a log of older states.
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
