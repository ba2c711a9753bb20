import type { TextLanguage } from '#shared/model/warmup.ts'
import { german } from './grammar/de.ts'
import { english } from './grammar/en.ts'
import { spanish } from './grammar/es.ts'
import { french } from './grammar/fr.ts'
import type { Grammar } from './grammar/grammar.ts'
import { italian } from './grammar/it.ts'
import { pickOf, type Random, randomOf, wholeOf } from './random.ts'
import { expandSpintax, parseSpintax, type Placeholder, type Spintax } from './spintax.ts'
import { isUsed, printOf, type TextPrint } from './text-print.ts'

export const grammars: Readonly<Record<TextLanguage, Grammar>> = {
  en: english,
  de: german,
  fr: french,
  es: spanish,
  it: italian,
}

/** Texts drawn before it counts as used up. */
const mostDraws = 80

export type Writer = { readonly name: string; readonly address: string }

export type EarlierMessage = {
  readonly subject: string
  /** The whole text, with what it quotes itself. */
  readonly text: string
  readonly from: Writer
}

export type ComposeInput = {
  readonly language: TextLanguage
  readonly from: Writer
  readonly to: Writer
  readonly seed: string
  /** What tells this message from all others of the seed, such as its place in the ledger. */
  readonly messageKey: string
  readonly now: number
  readonly timeZone: string
  /** Prints of texts used lately by this mailbox or to this recipient, one behind the other. */
  readonly history: readonly TextPrint[]
  /** A person's own templates, parsed; one of them instead of the grammar. */
  readonly templates?: readonly { readonly subject: Spintax; readonly body: Spintax }[]
  /** What is answered; left out for a message that begins a thread. */
  readonly earlier?: EarlierMessage
}

export type Composed =
  | {
      readonly ok: true
      readonly subject: string
      /** Plain text; an answer ends with the quoted message. */
      readonly text: string
      /** To be kept with the history. */
      readonly print: TextPrint
    }
  | { readonly ok: false; readonly reason: 'texts-used-up' }

/**
 * Composes a message or an answer from local texts alone: no links, images or tracking, and none that was used, or is
 * much like one used, within 60 days. Fails when nothing new can be drawn, which small sets of own templates reach.
 * Pure: the same input gives the same message.
 */
export function composeMessage(input: ComposeInput): Composed {
  const { seed, messageKey, history, earlier, templates = [] } = input
  const random = randomOf(seed, 'text', messageKey)
  const values = valuesFor(input, random)
  for (let draw = 0; draw < mostDraws; draw += 1) {
    const drawn =
      templates.length > 0 && earlier === undefined
        ? fromTemplate(pickOf(random, templates), random, values)
        : fromGrammar(grammars[input.language], random, values, earlier)
    // Only what is new counts: a quoted text is used twice by its nature.
    const print = printOf(drawn.own)
    if (isUsed(print, history)) continue
    return { ok: true, subject: drawn.subject, text: drawn.text, print }
  }
  return { ok: false, reason: 'texts-used-up' }
}

type Drawn = { readonly subject: string; readonly text: string; readonly own: string }
type Values = Readonly<Record<Placeholder, string>>

function fromTemplate(
  { subject, body }: { readonly subject: Spintax; readonly body: Spintax },
  random: Random,
  values: Values,
): Drawn {
  const text = expandSpintax(body, random, values).trim()
  return { subject: oneLine(expandSpintax(subject, random, values)), text: `${text}\n`, own: text }
}

const asideShare = 0.5

function fromGrammar(grammar: Grammar, random: Random, values: Values, earlier?: EarlierMessage): Drawn {
  const say = (spintax: string) => expandSpintax(treeOf(spintax), random, values)
  const aside = random() < asideShare ? `${say(grammar.aside)} ` : ''
  const { closing, signOff } = grammar
  if (earlier !== undefined) {
    const { answer } = grammar
    const own = `${say(answer.opening)} ${say(answer.detail)}\n\n${aside}${say(answer.closing)}`
    const text = `${say(grammar.greeting)}\n\n${own}\n\n${say(signOff)}\n\n${quoteText(earlier, grammar)}`
    return { subject: replySubject(earlier.subject), text, own }
  }
  const topic = pickOf(random, grammar.topics)
  const own =
    `${say(topic.opening)} ${say(topic.detail)}\n\n${say(topic.question)} ${aside}\n\n${say(closing)}`
      .replace(/ +\n/g, '\n')
      .trim()
  const text = `${say(grammar.greeting)}\n\n${own}\n\n${say(signOff)}\n`
  return { subject: oneLine(say(topic.subject)), text, own }
}

/** `Re: ` once, however often it was answered (RFC 5322 §3.6.5). */
export function replySubject(subject: string): string {
  return `Re: ${oneLine(subject).replace(/^(?:(?:re|aw|sv|r|antw|rif)\s*(?:\[\d+\])?\s*:\s*)+/i, '')}`
}

/** Lines kept of what is quoted; a long thread need not be carried along in full. */
const mostQuotedLines = 60

/** The message that is answered, each line behind `> ` (RFC 3676 §4.5), under a line that says who wrote it. */
function quoteText({ text, from }: EarlierMessage, { attribution }: Pick<Grammar, 'attribution'>): string {
  const lines = text.trimEnd().split(/\r?\n/).slice(0, mostQuotedLines)
  const quoted = lines.map(line => (line.startsWith('>') ? `>${line}` : line === '' ? '>' : `> ${line}`))
  return `${attribution.replace('[name]', oneLine(from.name) || from.address)}\n${quoted.join('\n')}\n`
}

function valuesFor({ from, to, language, now, timeZone }: ComposeInput, random: Random): Values {
  const weekday = now + wholeOf(random, 1, 6) * 24 * 60 * 60_000
  return {
    name: firstName(to),
    sender: firstName(from),
    weekday: weekdays(language, timeZone).format(weekday),
    number: String(wholeOf(random, 3, 9)),
  }
}

const weekdayFormats = new Map<string, Intl.DateTimeFormat>()

/** Made once for each language and zone, which takes longer than a whole text. */
function weekdays(language: TextLanguage, timeZone: string): Intl.DateTimeFormat {
  const key = `${language} ${timeZone}`
  const known = weekdayFormats.get(key)
  if (known !== undefined) return known
  const made = new Intl.DateTimeFormat(language, { weekday: 'long', timeZone })
  weekdayFormats.set(key, made)
  return made
}

/** The first word of a name, or of the address where there is none; never a whole address, which no one writes. */
function firstName({ name, address }: Writer): string {
  const word = oneLine(name).split(' ')[0] ?? ''
  if (word !== '' && !word.includes('@')) return word.replace(/[,;]$/, '')
  const local = /^\p{L}+/u.exec(address)?.[0] ?? ''
  return local.charAt(0).toUpperCase() + local.slice(1)
}

function oneLine(text: string): string {
  return text.replace(/[\s\p{Cc}]+/gu, ' ').trim()
}

const trees = new Map<string, Spintax>()

/** Our own texts, parsed once. */
function treeOf(spintax: string): Spintax {
  const known = trees.get(spintax)
  if (known !== undefined) return known
  const parsed = parseSpintax(spintax)
  if (!parsed.ok) throw new Error(`A text of ours cannot be read: ${spintax.slice(0, 60)}`)
  trees.set(spintax, parsed.tree)
  return parsed.tree
}
