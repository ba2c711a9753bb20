import type { ZoneProblem, ZoneProblemReason } from '#shared/model/zone-problem.ts'

/** One piece of an entry: a bare word or a quoted string, its escapes still in it. */
export type ZoneToken = {
  readonly text: string
  readonly quoted: boolean
  readonly line: number
  readonly column: number
}

/** One entry of a master file: usually a line, more of them inside parentheses (RFC 1035 §5.1). */
export type ZoneEntry = {
  /** It begins with white space, so its owner is that of the entry before. */
  readonly blank: boolean
  readonly tokens: readonly ZoneToken[]
  /** Why the rest of the entry could not be read; the tokens before are right. */
  readonly problem: ZoneProblem | null
  readonly comment: string | null
}

const mostProblemCharacters = 60
/** A TXT record of 64 KiB with a string a line has 257; an entry that goes on further was never closed. */
const mostEntryLines = 1_000

export function problemAt(
  place: { readonly line: number; readonly column: number; readonly text?: string },
  reason: ZoneProblemReason,
): ZoneProblem {
  const text = place.text ?? ''
  const shown = text.length > mostProblemCharacters ? `${text.slice(0, mostProblemCharacters)}…` : text
  return { line: place.line, column: place.column, reason, text: shown }
}

/** Splits a master file into entries: comments, quotes, escapes and parentheses (RFC 1035 §5.1). Never throws. */
export function* zoneEntries(text: string): Generator<ZoneEntry, void, void> {
  const scanner = { text, at: text.startsWith('\uFEFF') ? 1 : 0, line: 1, lineStart: 0 }
  scanner.lineStart = scanner.at
  while (scanner.at < text.length) {
    const entry = readEntry(scanner)
    if (entry !== null) yield entry
  }
}

type Scanner = { readonly text: string; at: number; line: number; lineStart: number }

function readEntry(scanner: Scanner): ZoneEntry | null {
  const { text } = scanner
  const blank = isSpace(text[scanner.at])
  const tokens: ZoneToken[] = []
  let comment: string | null = null
  let opened: ZoneToken | null = null
  let resumeAt: (Omit<Scanner, 'text'> & { tokens: number }) | null = null
  const end = (problem: ZoneProblem | null): ZoneEntry | null =>
    tokens.length === 0 && problem === null && comment === null ? null : { blank, tokens, problem, comment }

  for (;;) {
    const character = text[scanner.at]
    if (character === undefined || character === '\n') {
      if (character === '\n') nextLine(scanner)
      if (opened === null) return end(null)
      resumeAt ??= { at: scanner.at, line: scanner.line, lineStart: scanner.lineStart, tokens: tokens.length }
      if (character !== undefined && scanner.line - opened.line < mostEntryLines) continue
      // Never closed: what stands on the lines below is its own again, as far as it does not look like a part of this.
      tokens.length = resumeAt.tokens
      scanner.at = resumeAt.at
      scanner.line = resumeAt.line
      scanner.lineStart = resumeAt.lineStart
      skipContinuations(scanner)
      return end(problemAt(opened, 'parenthesis-open'))
    }
    if (isSpace(character)) {
      scanner.at += 1
    } else if (character === ';') {
      const from = scanner.at
      skipLine(scanner)
      comment ??= text.slice(from, scanner.at)
    } else if (character === '(') {
      opened ??= tokenAt(scanner, '(')
      scanner.at += 1
    } else if (character === ')') {
      if (opened === null) {
        const problem = problemAt(tokenAt(scanner, ')'), 'parenthesis-unopened')
        skipLine(scanner)
        return end(problem)
      }
      opened = null
      scanner.at += 1
    } else if (character === '"') {
      const string = readString(scanner)
      if (!string.closed) {
        skipLine(scanner)
        return end(problemAt(string.token, 'quote-open'))
      }
      tokens.push(string.token)
    } else {
      tokens.push(readWord(scanner))
    }
  }
}

function readString(scanner: Scanner): { token: ZoneToken; closed: boolean } {
  const { text } = scanner
  const place = tokenAt(scanner, '')
  const from = scanner.at + 1
  let at = from
  while (at < text.length && text[at] !== '"' && text[at] !== '\n') at += text[at] === '\\' ? 2 : 1
  // An escaped line end is one all the same.
  const lineEnd = text.indexOf('\n', from)
  const closed = text[at] === '"' && (lineEnd < 0 || at < lineEnd)
  scanner.at = closed ? at + 1 : from
  return { token: { ...place, text: closed ? text.slice(from, at) : '"', quoted: true }, closed }
}

function readWord(scanner: Scanner): ZoneToken {
  const { text } = scanner
  const from = scanner.at
  const token = tokenAt(scanner, '')
  while (scanner.at < text.length && !endsWord(text[scanner.at])) {
    scanner.at += text[scanner.at] === '\\' && text[scanner.at + 1] !== '\n' ? 2 : 1
  }
  scanner.at = Math.min(scanner.at, text.length)
  return { ...token, text: text.slice(from, scanner.at) }
}

function endsWord(character: string | undefined): boolean {
  return (
    isSpace(character) ||
    character === '\n' ||
    character === ';' ||
    character === '(' ||
    character === ')' ||
    character === '"'
  )
}

/** A carriage return before a line feed counts as white space. */
function isSpace(character: string | undefined): boolean {
  return character === ' ' || character === '\t' || character === '\r'
}

function tokenAt(scanner: Scanner, text: string): ZoneToken {
  return { text, quoted: false, line: scanner.line, column: scanner.at - scanner.lineStart + 1 }
}

function skipLine(scanner: Scanner): void {
  const end = scanner.text.indexOf('\n', scanner.at)
  scanner.at = end < 0 ? scanner.text.length : end
}

function nextLine(scanner: Scanner): void {
  scanner.at += 1
  scanner.line += 1
  scanner.lineStart = scanner.at
}

function skipContinuations(scanner: Scanner): void {
  while (
    scanner.at < scanner.text.length &&
    (isSpace(scanner.text[scanner.at]) || scanner.text[scanner.at] === ')')
  ) {
    skipLine(scanner)
    if (scanner.at < scanner.text.length) nextLine(scanner)
  }
}
