import { MessageChannel } from 'node:worker_threads'
import { afterEach, expect, test, vi } from 'vitest'
import { fail, type FailureCode } from '#shared/failure.ts'
import {
  messagePortWire,
  socketUrl,
  webSocketWire,
  type WireEvents,
} from '../../../src-renderer/client/wire.ts'

type Seen = { events: WireEvents; happened: string[] }

function watch(): Seen {
  const happened: string[] = []
  return {
    happened,
    events: {
      onOpen: () => happened.push('open'),
      onFrame: data => happened.push(`frame ${String(data)}`),
      onEnd: end => happened.push(end),
    },
  }
}

/** A page as `messagePortWire` uses it, and a preload that answers what it is asked when `answers`. */
function pageWithPreload({ answers }: { answers: boolean }) {
  const page = new EventTarget()
  const engineEnds: MessageChannel['port1'][] = []
  let asked = 0
  const offer = (source: unknown = page) => {
    const { port1, port2 } = new MessageChannel()
    engineEnds.push(port1)
    const event = Object.assign(new Event('message'), {
      data: { kind: 'rookery-port' },
      ports: [port2],
      source,
    })
    page.dispatchEvent(event)
  }
  Object.assign(page, {
    location: { origin: 'rookery://app' },
    postMessage: () => {
      asked += 1
      if (answers) queueMicrotask(offer)
    },
  })
  closeLater.push(() => {
    for (const port of engineEnds) port.close()
  })
  return { page: page as unknown as Window, engineEnds, offer, asked: () => asked }
}

const closeLater: (() => void)[] = []
afterEach(() => {
  for (const close of closeLater.splice(0)) close()
})

const say = (port: MessageChannel['port1'] | undefined, text: string) => {
  // eslint-disable-next-line unicorn/require-post-message-target-origin -- a port has one other end
  port?.postMessage(text)
}

test('asks the preload for a port and uses it', async () => {
  const { page, engineEnds, asked } = pageWithPreload({ answers: true })
  const seen = watch()
  messagePortWire(page)(seen.events)
  await vi.waitFor(() => expect(seen.happened).toEqual(['open']))
  say(engineEnds[0], 'hello')
  await vi.waitFor(() => expect(seen.happened).toEqual(['open', 'frame hello']))
  engineEnds[0]?.close()
  await vi.waitFor(() => expect(seen.happened).toEqual(['open', 'frame hello', 'lost']))
  expect(asked()).toBe(1)
})

test('a port that comes unasked replaces the one in use, and is kept for the next opening', async () => {
  const { page, engineEnds, offer, asked } = pageWithPreload({ answers: true })
  const openWire = messagePortWire(page)
  const first = watch()
  openWire(first.events)
  await vi.waitFor(() => expect(first.happened).toEqual(['open']))
  offer()
  await vi.waitFor(() => expect(first.happened).toContain('lost'))
  const second = watch()
  openWire(second.events)
  await vi.waitFor(() => expect(second.happened).toEqual(['open']))
  say(engineEnds[1], 'again')
  await vi.waitFor(() => expect(second.happened).toEqual(['open', 'frame again']))
  expect(asked()).toBe(1)
})

test('takes no port from another window', async () => {
  const { page, offer } = pageWithPreload({ answers: false })
  const seen = watch()
  messagePortWire(page)(seen.events)
  offer({})
  await new Promise(resolve => setTimeout(resolve, 10))
  expect(seen.happened).toEqual([])
})

test('a wire that was closed while it waited leaves the port to the next', async () => {
  const { page, offer } = pageWithPreload({ answers: false })
  const openWire = messagePortWire(page)
  const first = watch()
  openWire(first.events).close()
  offer()
  const second = watch()
  openWire(second.events)
  await vi.waitFor(() => expect(second.happened).toEqual(['open']))
  expect(first.happened).toEqual([])
})

test.each<[FailureCode, string]>([
  ['not-allowed', 'refused'],
  ['wire-lost', 'lost'],
])('a session that fails with %s ends the wire as %s', async (code, end) => {
  const seen = watch()
  webSocketWire('ws://127.0.0.1:9/socket', async () => fail(code))(seen.events)
  await vi.waitFor(() => expect(seen.happened).toEqual([end]))
})

test('a session that throws ends the wire as lost', async () => {
  const seen = watch()
  webSocketWire('ws://127.0.0.1:9/socket', () => Promise.reject(new Error('no')))(seen.events)
  await vi.waitFor(() => expect(seen.happened).toEqual(['lost']))
})

test('the socket stands at the address of the page', () => {
  expect(socketUrl({ protocol: 'http:', host: '127.0.0.1:7468' })).toBe('ws://127.0.0.1:7468/socket')
  expect(socketUrl({ protocol: 'https:', host: '[::1]:7468' })).toBe('wss://[::1]:7468/socket')
})
