import type { TemplateProblem, TemplateProblemCode } from '#shared/model/warmup.ts'
import { pickOf, type Random } from './random.ts'

/** What may stand in a template as `[name]`. */
const placeholders = ['name', 'sender', 'weekday', 'number'] as const
export type Placeholder = (typeof placeholders)[number]

export type SpintaxNode =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'placeholder'; readonly name: Placeholder }
  | { readonly kind: 'choice'; readonly options: readonly Spintax[] }
export type Spintax = readonly SpintaxNode[]

export type ParsedTemplate =
  | { readonly ok: true; readonly tree: Spintax }
  | { readonly ok: false; readonly problems: readonly TemplateProblem[] }

const deepest = 10
const longest = 20_000

type Open = { readonly options: SpintaxNode[][]; current: SpintaxNode[]; readonly at: number }

/**
 * Reads `{one|two {a|b}|}` with placeholders in brackets; a backslash takes its special meaning from `{ } | [ ] \`. An
 * alternative may be empty, a choice of one empty alternative may not. Problems name their place. Pure.
 */
export function parseSpintax(text: string): ParsedTemplate {
  const problems: TemplateProblem[] = []
  const problem = (code: TemplateProblemCode, at: number, piece: string) => {
    problems.push({ code, ...placeOf(text, at), piece: piece.slice(0, 40) })
  }
  if (text.length > longest) {
    problem('too-long', longest, text.slice(longest, longest + 20))
    return { ok: false, problems }
  }
  const root: SpintaxNode[] = []
  const open: Open[] = []
  let target = root
  let plain = ''
  const flush = () => {
    if (plain !== '') target.push({ kind: 'text', text: plain })
    plain = ''
  }
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at)
    if (character === '\\' && /[{}|[\]\\]/.test(text.charAt(at + 1))) {
      at += 1
      plain += text.charAt(at)
    } else if (character === '{') {
      flush()
      if (open.length === deepest) problem('too-deep', at, text.slice(at, at + 20))
      const current: SpintaxNode[] = []
      open.push({ options: [], current, at })
      target = current
    } else if (character === '|') {
      const innermost = open.at(-1)
      if (innermost === undefined) {
        problem('stray-bar', at, '|')
        continue
      }
      flush()
      innermost.options.push(innermost.current)
      innermost.current = []
      target = innermost.current
    } else if (character === '}') {
      flush()
      const closed = open.pop()
      if (closed === undefined) {
        problem('unopened', at, '}')
        continue
      }
      const options = [...closed.options, closed.current]
      if (options.length === 1 && closed.current.length === 0) problem('empty-choice', closed.at, '{}')
      target = open.at(-1)?.current ?? root
      target.push({ kind: 'choice', options })
    } else if (character === '[') {
      const name = /^\[([^[\]\n]{0,30})\]/.exec(text.slice(at, at + 32))?.[1]
      const known = placeholders.find(one => one === name)
      if (known === undefined) {
        problem('unknown-placeholder', at, name === undefined ? '[' : `[${name}]`)
      } else {
        flush()
        target.push({ kind: 'placeholder', name: known })
        at += known.length + 1
      }
    } else plain += character
  }
  flush()
  for (const { at } of open) problem('unclosed', at, text.slice(at, at + 20))
  return problems.length > 0 ? { ok: false, problems } : { ok: true, tree: root }
}

/**
 * Reads a template of a person's own: spintax without links, images or markup, because warmup carries none. Fails with
 * every problem found.
 */
export function parseTemplate(text: string): ParsedTemplate {
  const parsed = parseSpintax(text)
  const problems = parsed.ok ? [] : [...parsed.problems]
  const links = /\b(?:https?:|mailto:|www\.)\S{0,80}/gi
  for (const match of text.slice(0, longest).matchAll(links)) {
    problems.push({ code: 'link', ...placeOf(text, match.index), piece: match[0].slice(0, 40) })
  }
  for (const match of text.slice(0, longest).matchAll(/<\/?[a-z][^<>]{0,200}>/gi)) {
    problems.push({ code: 'markup', ...placeOf(text, match.index), piece: match[0].slice(0, 40) })
  }
  if (text.trim() === '') problems.push({ code: 'empty', line: 1, column: 1, piece: '' })
  return problems.length > 0 || !parsed.ok ? { ok: false, problems } : parsed
}

/** How many different texts a template has; stops counting at 10¹⁵. */
export function countVariants(tree: Spintax): number {
  let count = 1
  for (const node of tree) {
    if (node.kind !== 'choice') continue
    count *= node.options.reduce((sum, option) => sum + countVariants(option), 0)
    if (count > 1e15) return 1e15
  }
  return count
}

/** One of its texts, each alternative of a choice as likely as the others. */
export function expandSpintax(
  tree: Spintax,
  random: Random,
  values: Readonly<Record<Placeholder, string>>,
): string {
  return tree
    .map(node => {
      if (node.kind === 'text') return node.text
      if (node.kind === 'placeholder') return values[node.name]
      return expandSpintax(pickOf(random, node.options), random, values)
    })
    .join('')
}

function placeOf(text: string, at: number): { line: number; column: number } {
  const before = text.slice(0, at)
  const line = before.split('\n').length
  return { line, column: at - before.lastIndexOf('\n') }
}
