import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { type BulkItem, testMailboxes } from '#engine/mailboxes/bulk.ts'
import type { ConnectionResult } from '#shared/model/connection.ts'
import { settingsFor } from '../../helpers/connection-test.ts'

const passed: ConnectionResult = {
  result: 'passed',
  failures: [],
  notices: [],
  alternatives: [],
  delivery: null,
  certificate: null,
  tookMs: 1,
}

function item(id: string, smtpHost: string, imapHost = smtpHost): BulkItem {
  const server = { port: 1 }
  return { id, settings: settingsFor({ server, host: smtpHost }, { server, host: imapHost }) }
}

/** A test that takes a while and counts what is open to each host. */
function counting() {
  const open = new Map<string, number>()
  const most = new Map<string, number>()
  let running = 0
  let mostRunning = 0
  return {
    most,
    mostRunning: () => mostRunning,
    async *test({ settings }: BulkItem, signal: AbortSignal) {
      const hosts = [settings.smtp.server.host, settings.imap?.server.host ?? '']
      mostRunning = Math.max(mostRunning, ++running)
      for (const host of hosts) {
        open.set(host, (open.get(host) ?? 0) + 1)
        most.set(host, Math.max(most.get(host) ?? 0, open.get(host) ?? 0))
      }
      yield { kind: 'phase', phase: 'smtp-dns', state: 'running', ms: 0, evidence: null } as const
      await sleep(5, null, { signal }).catch(() => undefined)
      for (const host of hosts) open.set(host, (open.get(host) ?? 0) - 1)
      running--
      return passed
    },
  }
}

test('no host gets more connections than allowed, and every test ends once', async () => {
  const { test, most, mostRunning } = counting()
  const items = Array.from({ length: 60 }, (_, index) =>
    item(String(index), index % 3 === 0 ? 'a.test' : 'b.test', 'a.test'),
  )
  const ended: string[] = []
  const options = { signal: new AbortController().signal, test, connectionsPerHost: 5, testsAtOnce: 40 }
  for await (const event of testMailboxes(items, options)) if (event.kind === 'ended') ended.push(event.id)
  expect(ended.toSorted()).toEqual(items.map(({ id }) => id).toSorted())
  expect(Math.max(...most.values())).toBeLessThanOrEqual(5)
  expect(mostRunning()).toBeGreaterThan(1)
})

test('a busy host holds up nobody else, and the whole has its bound', async () => {
  const { test, mostRunning } = counting()
  const items = [
    ...Array.from({ length: 20 }, (_, index) => item(`a${index}`, 'a.test')),
    item('b', 'b.test'),
  ]
  const began: string[] = []
  const options = { signal: new AbortController().signal, test, connectionsPerHost: 2, testsAtOnce: 3 }
  for await (const event of testMailboxes(items, options)) if (event.kind === 'began') began.push(event.id)
  expect(began.slice(0, 2)).toEqual(['a0', 'b'])
  expect(mostRunning()).toBeLessThanOrEqual(3)
})

test('a cancel begins nothing new, and a reader who leaves waits for what runs', async () => {
  const { test } = counting()
  const items = Array.from({ length: 20 }, (_, index) => item(String(index), 'a.test'))
  const stop = new AbortController()
  let began = 0
  for await (const event of testMailboxes(items, { signal: stop.signal, test, connectionsPerHost: 5 })) {
    if (event.kind === 'began') began++
    stop.abort()
  }
  expect(began).toBe(2)
  for await (const event of testMailboxes(items, { signal: new AbortController().signal, test }))
    if (event.kind === 'ended') break
})

function faulty(): never {
  throw new TypeError('a bug')
}

async function runFaulty(): Promise<void> {
  for await (const event of testMailboxes([item('1', 'a.test')], {
    signal: new AbortController().signal,
    test: faulty,
  }))
    void event
}

test('a fault in a test is thrown, not swallowed', async () => {
  await expect(runFaulty()).rejects.toThrow('a bug')
})
