import type { ReactNode } from 'react'

type Part = { text: string; role: 'version' | 'name' | 'value' | 'mark' }

const roles: Record<Part['role'], string> = {
  version: 'text-ink-faint',
  name: 'font-semibold text-ink',
  value: 'text-ink-soft',
  mark: 'text-ink-faint',
}

/** Cuts a record into what it is made of, for colour alone; judging it is the engine's work. */
function partsOf(value: string): Part[] {
  if (/^"?v=spf1/i.test(value)) return spfParts(value)
  if (/^"?v=[A-Za-z]+\d*\s*;/.test(value) || /(^|;)\s*(k|p)=/.test(value)) return tagParts(value)
  return [{ text: value, role: 'value' }]
}

function spfParts(value: string): Part[] {
  return value.split(/(\s+)/).flatMap((word): Part[] => {
    if (/^\s*$/.test(word)) return [{ text: word, role: 'mark' }]
    if (/^"?v=spf1/i.test(word)) return [{ text: word, role: 'version' }]
    const term = /^([-+~?]?)([A-Za-z][\w.-]*)([:=/]?)(.*)$/.exec(word)
    if (!term) return [{ text: word, role: 'value' }]
    const [, qualifier = '', name = '', mark = '', rest = ''] = term
    return [
      { text: qualifier + name, role: 'name' },
      { text: mark, role: 'mark' },
      { text: rest, role: 'value' },
    ]
  })
}

function tagParts(value: string): Part[] {
  return value.split(/(;)/).flatMap((piece): Part[] => {
    const tag = /^(\s*)([A-Za-z]\w*)(\s*=\s*)([\s\S]*)$/.exec(piece)
    if (!tag) return [{ text: piece, role: 'mark' }]
    const [, space = '', name = '', equals = '', rest = ''] = tag
    return [
      { text: space, role: 'mark' },
      { text: name, role: name === 'v' ? 'version' : 'name' },
      { text: equals, role: 'mark' },
      { text: rest, role: name === 'v' ? 'version' : 'value' },
    ]
  })
}

/** A record value in mono, its parts coloured by meaning, whole and selectable. */
export function RecordValue({ value, clamp = false }: { value: string; clamp?: boolean }) {
  return (
    <code
      className={`font-mono text-meta ${clamp ? 'line-clamp-2 [overflow-wrap:anywhere] whitespace-pre-line' : '[overflow-wrap:anywhere] whitespace-pre-wrap'}`}
    >
      {partsOf(value).map((part, index) => (
        <span key={index} className={roles[part.role]}>
          {part.text}
        </span>
      ))}
    </code>
  )
}

/** What was found over what is expected, the words that differ marked in both. */
export function RecordDiff({ found, expected }: { found: string | null; expected: string }) {
  return (
    <dl className="grid grid-cols-[72px_1fr] gap-x-3 gap-y-1.5">
      <dt className="text-meta text-ink-soft">Found</dt>
      <dd>
        {found === null ? (
          <span className="text-ink-faint">Nothing</span>
        ) : (
          mark(found, expected, 'bg-fail-soft')
        )}
      </dd>
      <dt className="text-meta text-ink-soft">Expected</dt>
      <dd>{mark(expected, found ?? '', 'bg-pass-soft')}</dd>
    </dl>
  )
}

const words = (value: string) => value.split(/(\s+|;)/)

function mark(text: string, other: string, colour: string): ReactNode {
  const there = new Set(words(other))
  return (
    <code className="font-mono text-meta [overflow-wrap:anywhere] whitespace-pre-wrap">
      {words(text).map((word, index) =>
        word.trim() === '' || word === ';' || there.has(word) ? (
          <span key={index}>{word}</span>
        ) : (
          <mark key={index} className={`rounded-[3px] text-ink ${colour}`}>
            {word}
          </mark>
        ),
      )}
    </code>
  )
}
