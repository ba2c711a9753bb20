import { assert, integer, property, string } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { textLanguages } from '#shared/model/warmup.ts'
import { templateProblemSentence } from '#shared/words/warmup.ts'
import { type ComposeInput, composeMessage, grammars, replySubject } from '#engine/warmup/compose.ts'
import { messageIdOf, readThreadHeaders, threadHeaders, threadIdOf } from '#engine/warmup/message-headers.ts'
import { randomOf } from '#engine/warmup/random.ts'
import { countVariants, expandSpintax, parseSpintax, parseTemplate } from '#engine/warmup/spintax.ts'
import { isUsed, likeness, printBytes, printOf, type TextPrint, tooAlike } from '#engine/warmup/text-print.ts'

const now = Date.UTC(2026, 5, 10, 9)
const ann = { name: 'Ann Ash', address: 'ann@a.example' }
const bob = { name: '', address: 'bob.bee@b.example' }

function compose(over: Partial<ComposeInput> = {}) {
  return composeMessage({
    language: 'en',
    from: ann,
    to: bob,
    seed: 's',
    messageKey: 'm1',
    now,
    timeZone: 'Europe/Berlin',
    history: [],
    ...over,
  })
}

function textOf(over: Partial<ComposeInput> = {}) {
  const composed = compose(over)
  if (!composed.ok) throw new Error(composed.reason)
  return composed
}

function tree(text: string) {
  const parsed = parseSpintax(text)
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
  return parsed.tree
}

describe.each(textLanguages)('texts in %s', language => {
  test('each piece can be read, and there are many thousands of variants', () => {
    const { topics, answer, aside, closing, greeting, signOff } = grammars[language]
    for (const topic of topics) {
      const own = countVariants(tree(`${topic.opening}${topic.detail}${topic.question}`))
      expect(own).toBeGreaterThan(200)
    }
    expect(countVariants(tree(`${greeting}${aside}${closing}${signOff}`))).toBeGreaterThan(5_000)
    expect(countVariants(tree(`${answer.opening}${answer.detail}${answer.closing}`))).toBeGreaterThan(5_000)
  })

  test('four hundred in a row are new, plain, and unlike each other', () => {
    const history: TextPrint[] = []
    for (let index = 0; index < 400; index += 1) {
      const composed = textOf({ language, messageKey: `m${index}`, history })
      expect(composed.text).not.toMatch(/https?:|www\.|[<>{}[\]|]|\\|undefined|null/)
      expect(composed.subject).not.toMatch(/[{}[\]|\n]/)
      expect(composed.text).toContain('Bob')
      expect(composed.text.trimEnd().endsWith('Ann')).toBe(true)
      expect(composed.text).not.toMatch(/ {2}|\n{3}| [.,]|\.\./)
      history.push(composed.print)
    }
    for (const [index, print] of history.entries()) {
      for (const earlier of history.slice(0, index)) expect(likeness(print, earlier)).toBeLessThan(tooAlike)
    }
  })

  test('an answer quotes what it answers', () => {
    const first = textOf({ language })
    const second = textOf({
      language,
      from: bob,
      to: ann,
      messageKey: 'm2',
      earlier: { subject: first.subject, text: first.text, from: ann },
    })
    expect(second.subject).toBe(`Re: ${first.subject}`)
    for (const line of first.text.trimEnd().split('\n')) {
      expect(second.text.split('\n')).toContain(line === '' ? '>' : `> ${line}`)
    }
    const third = textOf({
      language,
      messageKey: 'm3',
      earlier: { subject: second.subject, text: second.text, from: bob },
    })
    expect(third.subject).toBe(`Re: ${first.subject}`)
    expect(third.text).toContain(`>> ${first.text.split('\n')[0]}`)
  })
})

describe('composing', () => {
  test('is the same for the same message and another for another', () => {
    expect(compose()).toEqual(compose())
    expect(textOf().text).not.toBe(textOf({ messageKey: 'm2' }).text)
  })

  test('own templates are used, and end when all their texts have been', () => {
    const templates = [
      {
        subject: tree('{Tea|Coffee}'),
        body: tree('Hi [name], {one|two} {cups|pots} of it at {four|five}? [sender]'),
      },
    ]
    const history: TextPrint[] = []
    let count = 0
    for (let index = 0; index < 40; index += 1) {
      const composed = compose({ templates, messageKey: `m${index}`, history })
      if (!composed.ok) break
      expect(composed.text).toMatch(/^Hi Bob, .* Ann\n$/)
      expect(composed.subject).toMatch(/^(Tea|Coffee)$/)
      history.push(composed.print)
      count += 1
    }
    expect(count).toBeGreaterThan(0)
    expect(count).toBeLessThanOrEqual(8)
    expect(compose({ templates, history, messageKey: 'x' })).toEqual({ ok: false, reason: 'texts-used-up' })
    expect(compose({ templates, history: history.slice(1), messageKey: 'x' }).ok).toBe(true)
  })

  test('a name cannot bring a line break or a header along', () => {
    const evil = { name: 'Eve\r\nBcc: all@x.example', address: 'eve@x.example' }
    expect(textOf({ to: evil }).text).toContain(' Eve')
    expect(replySubject('Hi\r\nBcc: all@x.example')).toBe('Re: Hi Bcc: all@x.example')
  })

  test('Re: stands once, also after programs that write it in their own way', () => {
    expect(replySubject('Re: RE: Aw: Lunch')).toBe('Re: Lunch')
    expect(replySubject('Re[2]: Lunch')).toBe('Re: Lunch')
    expect(replySubject('Regarding lunch')).toBe('Re: Regarding lunch')
  })
})

const triples = (text: readonly string[]) =>
  new Set(text.slice(2).map((_, at) => text.slice(at, at + 3).join(' ')))

describe('prints', () => {
  test('the same words are the same text, most of them are alike, others are not', () => {
    const text = 'The small place by the station has changed its menu and the soup alone is worth the walk'
    const print = printOf(text)
    expect(printOf(`${text.toUpperCase()}!`)).toEqual(print)
    expect(isUsed(printOf(`${text} today`), [print])).toBe(true)
    const other = printOf('I finished the book about old maps last night, do you want it next')
    expect(isUsed(other, [print])).toBe(false)
    expect(isUsed(other, [Buffer.concat([print, other]), print])).toBe(true)
    expect(print).toHaveLength(printBytes)
  })

  test('the likeness of the print is that of the texts, whatever they are', () => {
    const words = Array.from({ length: 400 }, (_, index) => `word${index}`)
    assert(
      property(integer({ min: 30, max: 200 }), integer({ min: 0, max: 200 }), (length, moved) => {
        const [one, other] = [words.slice(0, length), words.slice(moved, moved + length)]
        const [some, others] = [triples(one), triples(other)]
        const common = [...some].filter(triple => others.has(triple)).length
        const exact = common / (some.size + others.size - common)
        const told = likeness(printOf(one.join(' ')), printOf(other.join(' ')))
        // Four standard deviations of an estimate from 64 values of two bits.
        expect(Math.abs(told - exact)).toBeLessThan(0.36)
      }),
    )
  })
})

describe('spintax', () => {
  test('every text drawn is one of the variants, and every variant is drawn', () => {
    const template = tree('{a|b{c|d|}}[number]{|e}')
    expect(countVariants(template)).toBe(8)
    const values = { name: '', sender: '', weekday: '', number: '7' }
    const drawn = new Set(
      Array.from({ length: 500 }, (_, index) => expandSpintax(template, randomOf('s', index), values)),
    )
    expect([...drawn].toSorted()).toEqual(['a7', 'a7e', 'b7', 'b7e', 'bc7', 'bc7e', 'bd7', 'bd7e'])
  })

  test('special characters can be written', () => {
    const values = { name: 'N', sender: '', weekday: '', number: '' }
    expect(expandSpintax(tree('\\{\\|\\}\\[name\\]\\\\ [name]'), randomOf('s'), values)).toBe('{|}[name]\\ N')
  })

  test.each([
    ['Hi {you|there', 'unclosed', 1, 4],
    ['Hi you}', 'unopened', 1, 7],
    ['one\ntwo | three', 'stray-bar', 2, 5],
    ['a {} b', 'empty-choice', 1, 3],
    ['Dear [nmae]', 'unknown-placeholder', 1, 6],
    ['{'.repeat(11) + 'a' + '}'.repeat(11), 'too-deep', 1, 11],
    ['x'.repeat(20_001), 'too-long', 1, 20_001],
    ['see https://x.example now', 'link', 1, 5],
    ['see <b>this</b>', 'markup', 1, 5],
    ['  ', 'empty', 1, 1],
  ])('%s: %s', (text, code, line, column) => {
    const parsed = parseTemplate(text)
    expect(parsed.ok).toBe(false)
    if (parsed.ok) return
    expect(parsed.problems[0]).toMatchObject({ code, line, column })
    expect(
      templateProblemSentence(parsed.problems[0] ?? { code: 'empty', line: 1, column: 1, piece: '' }),
    ).toMatch(/\.$/)
  })

  test('whatever is typed is read or refused with a place, and what is read can be drawn', () => {
    assert(
      property(string({ unit: 'grapheme', maxLength: 60 }), integer(), (text, seed) => {
        const parsed = parseSpintax(text)
        const values = { name: '', sender: '', weekday: '', number: '' }
        if (parsed.ok) expect(typeof expandSpintax(parsed.tree, randomOf(seed), values)).toBe('string')
        else expect(parsed.problems.length).toBeGreaterThan(0)
      }),
    )
    assert(
      property(
        string({ unit: 'binary-ascii' }).map(text => text.replace(/[^{}|a[\]\\]/g, 'a')),
        text => {
          const parsed = parseSpintax(text)
          return parsed.ok || parsed.problems.every(({ line, column }) => line >= 1 && column >= 1)
        },
      ),
    )
  })
})

function headersOf(headers: Record<string, string>): Map<string, string> {
  return new Map(Object.entries(headers))
}

describe('the headers of a thread', () => {
  test('References carry the whole chain in order, In-Reply-To the parent', () => {
    const ids = ['<1@a.example>', '<2@b.example>', '<3@a.example>', '<4@b.example>']
    let parent = threadHeaders(ids[0] ?? '', null)
    expect(parent).toEqual({ messageId: ids[0], inReplyTo: null, references: [] })
    for (const [index, id] of ids.entries()) {
      if (index === 0) continue
      parent = threadHeaders(id, parent)
      expect(parent).toEqual({ messageId: id, inReplyTo: ids[index - 1], references: ids.slice(0, index) })
      expect(threadIdOf(parent)).toBe(ids[0])
    }
  })

  test('a parent without References lends its In-Reply-To, but not when it names several', () => {
    const one = readThreadHeaders(headersOf({ 'message-id': '<2@x>', 'in-reply-to': '<1@x>' }))
    expect(threadHeaders('<3@x>', one).references).toEqual(['<1@x>', '<2@x>'])
    const several = readThreadHeaders(headersOf({ 'message-id': '<2@x>', 'in-reply-to': '<0@x> <1@x>' }))
    expect(threadHeaders('<3@x>', several).references).toEqual(['<2@x>'])
    expect(readThreadHeaders(headersOf({ 'message-id': 'no id' }))).toBeNull()
  })

  test('an endless chain keeps its first and its latest', () => {
    const references = Array.from({ length: 300 }, (_, index) => `<${index}@x>`)
    const headers = threadHeaders('<new@x>', { messageId: '<last@x>', inReplyTo: null, references })
    expect(headers.references).toHaveLength(50)
    expect(headers.references[0]).toBe('<0@x>')
    expect(headers.references.at(-1)).toBe('<last@x>')
  })

  test('a Message-ID stands under the domain of the sender', () => {
    expect(messageIdOf('01J9>\r\nX', 'Ann@A.Example')).toBe('<01J9X@a.example>')
  })
})
