/** Control characters, line separators, and what changes the direction of text. */
const INVISIBLE = /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu

/**
 * The text with `\u001b` and the like instead of characters that could steer a terminal, hide text or
 * begin a new line. JSON stays the same JSON.
 */
export function visible(text: string): string {
  return text.replace(INVISIBLE, escaped)
}

function escaped(character: string): string {
  if (character === '\n') return '\\n'
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}
