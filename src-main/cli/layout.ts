import { styleText } from 'node:util'

export type Colour = 'bold' | 'dim' | 'red' | 'yellow' | 'green' | 'cyan' | 'blue'
export type Paint = (colour: Colour | readonly Colour[], text: string) => string

export const plain: Paint = (_colour, text) => text

/** Colours for a stream that can show them; NO_COLOR, FORCE_COLOR and a stream that is no terminal are respected. */
export function paintFor(stream: NodeJS.WriteStream): Paint {
  return (colour, text) => styleText(typeof colour === 'string' ? colour : [...colour], text, { stream })
}

/** Breaks a sentence at spaces into lines of at most `width` characters; a longer word keeps its own line, unbroken. */
function wrap(text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line === '') line = word
    else if (line.length + 1 + word.length <= width) line += ` ${word}`
    else {
      lines.push(line)
      line = word
    }
  }
  return [...lines, line]
}

/** A block of wrapped text after a heading; later lines stand under the first one's text. */
export function hanging(heading: string, headingWidth: number, text: string, width: number): string {
  const indent = ' '.repeat(headingWidth)
  return wrap(text, Math.max(20, width - headingWidth))
    .map((line, index) => (index === 0 ? heading : indent) + line)
    .join('\n')
}
