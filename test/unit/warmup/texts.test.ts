import { afterEach, describe, expect, test } from 'vitest'
import { openStore, type Store } from '#engine/storage/open.ts'
import { pruneBooks } from '#engine/warmup/prune.ts'
import { isUsed, printBytes, printOf, textRestMs } from '#engine/warmup/text-print.ts'
import { printsFor, writePrint } from '#engine/warmup/texts.ts'
import { valueOf } from '../../helpers/engine.ts'

const dayMs = 24 * 60 * 60_000
const usedAt = Date.UTC(2026, 2, 2, 23, 59)
const text = 'The small place by the station has changed its menu and the soup alone is worth the walk'
const print = printOf(text)
const [ann, bob, eve] = [1, 2, 3]
let store: Store | null = null
afterEach(() => store?.close())

async function usedOnce(): Promise<Store> {
  const opened = valueOf(await openStore(null, () => usedAt))
  opened.write(writes => writePrint(writes, { fromNo: ann, toNo: bob, print, at: usedAt }))
  store = opened
  return opened
}

describe('a text that was used', () => {
  test('is used for who wrote it and for who got it, not for others or the other way round', async () => {
    const books = await usedOnce()
    const isKnown = (fromNo: number, toNo: number) => isUsed(print, printsFor(books, fromNo, toNo, usedAt))
    expect(isKnown(ann, eve)).toBe(true)
    expect(isKnown(eve, bob)).toBe(true)
    expect(isKnown(bob, ann)).toBe(false)
    expect(isKnown(eve, ann)).toBe(false)
  })

  test('rests for 60 days to the last minute, whenever the books are pruned, and no longer than a day more', async () => {
    const books = await usedOnce()
    const isKnownAt = (at: number) => {
      books.write(writes => pruneBooks(writes, at))
      return isUsed(print, printsFor(books, ann, bob, at))
    }
    for (let day = 0; day < 60; day += 1) expect(isKnownAt(usedAt + day * dayMs)).toBe(true)
    expect(isKnownAt(usedAt + textRestMs - 1)).toBe(true)
    expect(isKnownAt(usedAt + textRestMs + dayMs)).toBe(false)
    expect(books.all('SELECT * FROM warmup_texts')).toEqual([])
  })

  test('takes 16 octets on each side, however many there are of a day', async () => {
    const books = await usedOnce()
    books.write(writes => {
      for (let index = 1; index < 50; index += 1) {
        const other = printOf(`${text} ${index} ${'more '.repeat(index)}`)
        writePrint(writes, { fromNo: ann, toNo: bob, print: other, at: usedAt - index })
      }
    })
    const sizes = books.all<{ bytes: number }>('SELECT length(prints) AS bytes FROM warmup_texts')
    expect(sizes.map(({ bytes }) => bytes)).toEqual([50 * printBytes, 50 * printBytes])
    expect(printBytes).toBe(16)
    expect(isUsed(print, printsFor(books, ann, bob, usedAt))).toBe(true)
  })
})
