import { afterEach, describe, expect, test } from 'vitest'
import { limits } from '#engine/net/limits.ts'
import type { FolderPlace } from '#engine/net/mail-world.ts'
import type { LogLine } from '../../helpers/platform.ts'
import { testLog } from '../../helpers/platform.ts'
import {
  becomes,
  loopbackWorld,
  mailAccess,
  noSignal,
  type Watched,
  watched,
} from '../../helpers/mail-access.ts'
import { type SmallImap, type SmallImapWishes, startSmallImap } from '../../helpers/small-imap.ts'

const watchWaits = { roundMs: 400, turnMs: 150, retryMs: 20, retryMostMs: 80, lingerMs: 50 }
const waits = { connectMs: 5_000, replyMs: 1_500 }

let open: { server: SmallImap; watch: Watched }[] = []
afterEach(async () => {
  for (const { server, watch } of open) {
    await watch.stop()
    await server.close()
  }
  open = []
})

async function watching(
  wishes: SmallImapWishes = {},
  {
    places = [],
    before,
    onMessage,
    lines = [],
    ...more
  }: {
    places?: readonly FolderPlace[]
    before?: (server: SmallImap) => void
    onMessage?: Parameters<typeof watched>[3]
    lines?: LogLine[]
    waits?: object
    watchWaits?: object
    seats?: object
  } = {},
): Promise<{ server: SmallImap; watch: Watched }> {
  const server = await startSmallImap(wishes)
  before?.(server)
  const world = loopbackWorld({ waits, watchWaits, log: testLog(lines), ...more })
  const watch = watched(world, mailAccess(1, { smtpPort: 1, imapPort: server.port }), places, onMessage)
  const pair = { server, watch }
  open.push(pair)
  return pair
}

const place = (lastUid: number, uidValidity = '1'): FolderPlace => ({ folder: 'INBOX', uidValidity, lastUid })
const logins = (server: SmallImap) => server.lines.filter(line => /AUTHENTICATE/.test(line)).length
const fetches = (server: SmallImap) => server.lines.filter(line => /FETCH/.test(line))

describe('hearing of new messages', () => {
  test('by IDLE, without another look', async () => {
    const { server, watch } = await watching({}, { watchWaits: { ...watchWaits, roundMs: 60_000 } })
    await becomes('idle', () => server.lines.some(line => line.endsWith('IDLE')))
    server.deliver('INBOX', '<a@a.test>')
    await becomes('the message', () => watch.seen.length === 1)
    expect(watch.states).toEqual([{ kind: 'watching', line: null }])
    expect(server.lines.filter(line => /STORE|EXPUNGE| SELECT /.test(line))).toEqual([])
  })

  test('also from a server that promises IDLE and never tells', async () => {
    const { server, watch } = await watching()
    await becomes('idle', () => server.lines.some(line => line.endsWith('IDLE')))
    server.deliver('INBOX', '<a@a.test>', { tell: false })
    await becomes('the message', () => watch.seen.length === 1)
  })

  test.each([
    ['refuses it', (tag: string) => `${tag} BAD what`],
    ['ends it at once', (tag: string) => `+ idling\r\n${tag} OK that was it`],
  ])('also from one that offers IDLE and %s, and without asking for it in a circle', async (_what, said) => {
    const { server, watch } = await watching({
      intercept: ({ tag, command, socket }) => {
        if (command !== 'IDLE') return false
        socket.write(`${said(tag)}\r\n`)
        return true
      },
    })
    await becomes('a try', () => server.lines.some(line => line.endsWith('IDLE')))
    const startedAt = performance.now()
    await new Promise(resolve => setTimeout(resolve, 1_000))
    // A handful in each round, and a round takes 400 ms at least.
    const rounds = 1 + (performance.now() - startedAt) / 400
    expect(server.lines.filter(line => line.endsWith('IDLE')).length).toBeLessThan(7 * rounds)
    server.deliver('INBOX', '<a@a.test>')
    await becomes('the message', () => watch.seen.length === 1)
  })

  test('by looking now and then where there is no IDLE, and in junk too', async () => {
    const { server, watch } = await watching({ capabilities: 'MOVE UIDPLUS' })
    await becomes('polling', () => watch.states.length > 0)
    expect(watch.states).toEqual([{ kind: 'polling', line: null }])
    server.deliver('INBOX', '<a@a.test>')
    server.deliver('Junk', '<b@a.test>')
    await becomes('both', () => watch.seen.length === 2)
    expect(watch.seen.map(({ role }) => role).toSorted()).toEqual(['inbox', 'junk'])
  })
})

describe('where it goes on', () => {
  test('a folder of a million messages is begun at its newest', async () => {
    const { server, watch } = await watching(
      {},
      {
        before: ({ folders }) => {
          const inbox = folders.get('INBOX')
          if (inbox) Object.assign(inbox, { extra: 1_000_000, uidNext: 2_000_001 })
        },
      },
    )
    await becomes('the place', () => watch.places.has('INBOX'))
    expect(watch.places.get('INBOX')?.lastUid).toBe(2_000_000)
    expect(fetches(server)[0]).toMatch(/FETCH 999951:\* /)
    server.deliver('INBOX', '<a@a.test>')
    await becomes('the message', () => watch.seen.length === 1)
  })

  test('a long backlog is gone through to its end, each message once and in order', async () => {
    const ids = Array.from({ length: 120 }, (_, index) => `<m${index}@a.test>`)
    const { watch } = await watching(
      {},
      {
        places: [place(0)],
        before: server => {
          const inbox = server.folders.get('INBOX')
          for (const [index, id] of ids.entries()) {
            server.deliver('INBOX', id)
            // Gaps as years of deleting leave them.
            if (inbox && index % 10 === 0) inbox.uidNext += 3_000
          }
        },
      },
    )
    await becomes('all of them', () => watch.seen.length >= ids.length)
    expect(watch.ids()).toEqual(ids)
  })

  test.each([
    ['another UIDVALIDITY', place(70, '99')],
    ['UIDs that run below the place', place(700)],
  ])('%s means numbered anew: the newest come again', async (_what, old) => {
    const { watch } = await watching(
      {},
      { places: [old], before: server => void server.deliver('INBOX', '<a@a.test>') },
    )
    await becomes('it again', () => watch.seen.length === 1)
    await becomes('the new place', () => watch.places.get('INBOX')?.lastUid === 1)
    expect(watch.places.get('INBOX')?.uidValidity).toBe('1')
  })

  test('a message that goes away between the search and the fetch is passed over', async () => {
    let isGone = false
    const { server, watch } = await watching(
      {
        intercept: ({ command, folder }) => {
          const inbox = server.folders.get(folder ?? '')
          if (/HEADER/.test(command) && inbox && !isGone && inbox.messages.length > 1) {
            isGone = true
            inbox.messages.shift()
          }
          return false
        },
      },
      {
        places: [place(0)],
        before: one => {
          one.deliver('INBOX', '<gone@a.test>')
          one.deliver('INBOX', '<stays@a.test>')
        },
      },
    )
    await becomes('the other', () => watch.places.get('INBOX')?.lastUid === 2)
    expect(watch.ids()).toEqual(['<stays@a.test>'])
  })

  test('one that nobody takes comes again, and after a few times lets the others by', async () => {
    const lines: LogLine[] = []
    let tries = 0
    const { watch } = await watching(
      {},
      {
        lines,
        places: [place(0)],
        before: server => {
          server.deliver('INBOX', '<bad@a.test>')
          server.deliver('INBOX', '<good@a.test>')
        },
        onMessage: async ({ messageId }) => {
          if (messageId !== '<bad@a.test>') return
          tries++
          throw new Error('no')
        },
      },
    )
    await becomes('the other', () => watch.seen.length === 1)
    expect(tries).toBe(limits.mailMessageTries)
    expect(watch.ids()).toEqual(['<good@a.test>'])
    expect(lines.map(({ event }) => event)).toContain('mail.message-passed-over')
  })
})

describe('servers that do harm', () => {
  test('a literal without end costs that message alone', async () => {
    const { server, watch } = await watching(
      {
        intercept: ({ command, socket, folder }) => {
          if (folder !== 'INBOX' || !/UID FETCH (?:1|1:2|1:\d+) .*HEADER/.test(command)) return false
          socket.write('* 1 FETCH (UID 1 BODY[HEADER]<0> {999999999}\r\n')
          const flood = setInterval(() => socket.writable && socket.write('x'.repeat(65_536)), 1)
          socket.once('close', () => clearInterval(flood))
          return true
        },
      },
      {
        places: [place(0)],
        before: one => {
          one.deliver('INBOX', '<bomb@a.test>')
          one.deliver('INBOX', '<good@a.test>')
        },
      },
    )
    await becomes('the other', () => watch.seen.length === 1)
    expect(watch.ids()).toEqual(['<good@a.test>'])
    expect(watch.states.some(({ kind }) => kind === 'offline')).toBe(true)
    server.deliver('INBOX', '<later@a.test>')
    await becomes('a later one', () => watch.seen.length === 2)
  })

  test('headers beyond the bound are cut, and what stands first counts', async () => {
    const { server, watch } = await watching()
    await becomes('watching', () => watch.states.length > 0)
    server.deliver('INBOX', '<a@a.test>', { headers: `X-Long: ${'y'.repeat(100_000)}\r\nX-Late: z\r\n` })
    await becomes('the message', () => watch.seen.length === 1)
    expect(watch.seen[0]?.messageId).toBe('<a@a.test>')
    expect(watch.seen[0]?.headers.has('x-late')).toBe(false)
  })

  test('one that stops answering is left and tried again', async () => {
    let hangs = true
    const { server, watch } = await watching({
      intercept: ({ command }) => hangs && command.startsWith('EXAMINE'),
    })
    await becomes('offline', () => watch.states.some(({ kind }) => kind === 'offline'))
    hangs = false
    server.deliver('INBOX', '<a@a.test>')
    await becomes('the message', () => watch.seen.length === 1)
    await becomes('watching', () => watch.states.at(-1)?.kind === 'watching')
  })

  test('one that refuses the inbox after each login is asked ever less often', async () => {
    const { server, watch } = await watching(
      {
        intercept: ({ tag, command, socket }) => {
          if (!command.startsWith('EXAMINE')) return false
          socket.write(`${tag} NO not now\r\n`)
          return true
        },
      },
      { watchWaits: { ...watchWaits, retryMs: 200, retryMostMs: 400 } },
    )
    const startedAt = performance.now()
    await becomes('offline', () => watch.states.length > 0)
    await new Promise(resolve => setTimeout(resolve, 1_000))
    // With the shortest wait that chance allows: 160 ms, then 320 ms each time.
    expect(logins(server)).toBeLessThanOrEqual(2 + (performance.now() - startedAt) / 320)
  })

  test('too many connections is no refused login', async () => {
    let isFull = true
    const { watch } = await watching({
      intercept: ({ tag, command, socket }) => {
        if (!isFull || !command.startsWith('AUTHENTICATE')) return false
        socket.write(`${tag} NO [LIMIT] Too many simultaneous connections\r\n`)
        return true
      },
    })
    await becomes('offline', () => watch.states.length > 0)
    expect(watch.states[0]).toMatchObject({ kind: 'offline', line: expect.stringContaining('Too many') })
    isFull = false
    await becomes('watching', () => watch.states.at(-1)?.kind === 'watching')
  })

  test('after a refused login nothing is tried, not even when something is asked', async () => {
    const { server, watch } = await watching({
      intercept: ({ tag, command, socket }) => {
        if (!command.startsWith('AUTHENTICATE')) return false
        socket.write(`${tag} NO [AUTHENTICATIONFAILED] no\r\n`)
        return true
      },
    })
    await becomes('refused', () => watch.states.length > 0)
    await watch.mail.find({ messageId: '<a@a.test>' }, noSignal)
    await new Promise(resolve => setTimeout(resolve, 300))
    expect(watch.states.map(({ kind }) => kind)).toEqual(['refused'])
    expect(server.lines.filter(line => /AUTHENTICATE/.test(line))).toHaveLength(1)
  })
})

test('a mailbox without a connection of its own is looked at once in a turn', async () => {
  const { server, watch } = await watching(
    {},
    {
      seats: { perHost: 2, turnsPerHost: 1 },
      watchWaits: { ...watchWaits, turnMs: 400 },
    },
  )
  await becomes('polling', () => watch.states.length > 0)
  expect(watch.states).toEqual([{ kind: 'polling', line: null }])
  const before = logins(server)
  const startedAt = performance.now()
  await becomes('two turns more', () => logins(server) > before + 1)
  // With the shortest turn that chance allows.
  expect(logins(server) - before).toBeLessThanOrEqual(1 + (performance.now() - startedAt) / 320)
})

describe('without MOVE and UIDPLUS', () => {
  const capabilities = 'IDLE'

  test('a rescue copies once, and takes away nothing that a person marked', async () => {
    const { server, watch } = await watching(
      { capabilities },
      {
        before: one => {
          one.deliver('Junk', '<theirs@a.test>')
          one.deliver('Junk', '<ours@a.test>')
          one.folders.get('Junk')?.messages[0]?.flags.add('\\Deleted')
        },
      },
    )
    await becomes('both', () => watch.seen.length === 2)
    const ours = watch.seen.find(({ messageId }) => messageId === '<ours@a.test>')
    if (ours === undefined) throw new Error('not seen')
    const rescued = await watch.mail.rescue(ours, noSignal)
    expect(rescued).toMatchObject({ ok: true, value: { folder: 'INBOX', messageId: '<ours@a.test>' } })
    await watch.mail.rescue(ours, noSignal)
    const inbox = server.folders.get('INBOX')?.messages ?? []
    expect(inbox.filter(({ head }) => head.includes('<ours@a.test>'))).toHaveLength(1)
    expect(inbox[0]?.flags.has('$NotJunk')).toBe(true)
    const junk = server.folders.get('Junk')?.messages ?? []
    expect(junk.map(({ head }) => head.includes('<theirs@a.test>'))).toEqual([true, false])
    expect(junk.every(({ flags }) => flags.has('\\Deleted'))).toBe(true)
  })

  test('alone in its folder it is taken away, and filed into a folder that is made', async () => {
    const { server, watch } = await watching(
      { capabilities },
      { before: one => void one.deliver('INBOX', '<a@a.test>') },
    )
    await becomes('the message', () => watch.seen.length === 1)
    const [seen] = watch.seen
    if (seen === undefined) return
    expect(await watch.mail.file(seen, noSignal)).toMatchObject({ ok: true })
    expect(server.folders.get('INBOX')?.messages).toEqual([])
    expect(server.folders.get('Rookery')?.messages).toHaveLength(1)
    expect(server.lines.some(line => /SUBSCRIBE "?Rookery/.test(line))).toBe(true)
  })
})

test('nothing is told after the stop, and no connection stays', async () => {
  const { server, watch } = await watching()
  await becomes('watching', () => watch.states.length > 0)
  await watch.stop()
  const told = watch.states.length
  server.deliver('INBOX', '<a@a.test>')
  await becomes('all closed', () => server.open() === 0)
  expect(await watch.mail.find({ messageId: '<a@a.test>' }, noSignal)).toMatchObject({
    failure: { code: 'cancelled' },
  })
  expect(watch.seen).toEqual([])
  expect(watch.states).toHaveLength(told)
})
