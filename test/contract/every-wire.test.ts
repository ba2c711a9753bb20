import { afterEach, describe, expect, test, vi } from 'vitest'
import type { AuditEvent } from '#shared/model/audit.ts'
import { readStream } from '../../src-renderer/client/stream.ts'
import { createStubEngine, creditPages, secret } from './stub-engine.ts'
import { type Opened, openInProcess, openOverWire, openPortCarrier, openSocketCarrier } from './wires.ts'

const ways = [
  { way: 'in-process', open: openInProcess },
  { way: 'MessagePort', open: openOverWire.bind(null, openPortCarrier) },
  { way: 'WebSocket', open: openOverWire.bind(null, openSocketCarrier) },
]

describe.each(ways)('the contract over $way', ({ open }) => {
  let opened: Opened | null = null
  const start = async () => {
    const engine = createStubEngine()
    opened = await open(engine.router)
    return { ...engine, client: opened.client }
  }
  afterEach(async () => {
    await opened?.close()
    opened = null
  })

  test('answers and takes part in order', async () => {
    const { client } = await start()
    const answers = await Promise.all(['a', 'b', 'c'].map(input => client.domains.inspect({ input })))
    expect(answers.map(answer => answer.ok && answer.value.displayName)).toEqual(['a', 'b', 'c'])
  })

  test('refuses input that does not fit, naming the field and no value', async () => {
    const { client, begun } = await start()
    const long = await client.domains.inspect({ input: secret.repeat(200) })
    expect(long).toEqual({
      ok: false,
      failure: {
        code: 'invalid-input',
        retry: 'never',
        detail: { field: 'input', problem: 'too_big', count: 1 },
      },
    })
    const wrong = await client.domains.remove({ ids: ['a', 7 as never, 'c'] })
    expect(wrong).toMatchObject({ failure: { code: 'invalid-input', detail: { field: 'ids.1' } } })
    const missing = await client.domains.inspect(undefined as never)
    expect(missing).toMatchObject({ failure: { code: 'invalid-input' } })
    expect(begun).toEqual([])
  })

  test('a stream with bad input ends with the failure', async () => {
    const { client } = await start()
    const result = await readStream(client.domains.auditName({ input: 7 as never }), { onEvent: () => {} })
    expect(result).toMatchObject({
      ok: false,
      failure: { code: 'invalid-input', detail: { field: 'input' } },
    })
  })

  test('takes the longest import, and fills in what the input leaves out', async () => {
    const { client } = await start()
    expect(await client.domains.import({ text: '\u0001'.repeat(1_999_999) })).toEqual({
      ok: true,
      value: { added: [{ id: '1999999', name: '[]' }], refused: [] },
    })
  })

  test('failures are data', async () => {
    const { client, logged } = await start()
    expect(await client.domains.inspect({ input: 'failure' })).toEqual({
      ok: false,
      failure: { code: 'domain-has-port', retry: 'never', detail: { port: 25 } },
    })
    expect(logged).toEqual([])
  })

  test.each(['bug', 'library', 'not-an-error', 'bad-output'])(
    'a bug (%s) is logged once, and leaks its text to nobody',
    async input => {
      const { client, logged } = await start()
      const answer = await client.domains.inspect({ input })
      expect(answer).toEqual({
        ok: false,
        failure: { code: 'internal', retry: 'never', detail: { id: expect.any(String) } },
      })
      expect(logged).toHaveLength(1)
      const id = !answer.ok && answer.failure.detail.id
      expect(logged[0]).toMatchObject({ event: 'bug', fields: { id, procedure: 'domains.inspect' } })
      expect(JSON.stringify([answer, logged])).not.toContain(secret)
    },
  )

  test.each(['bug', 'library', 'bad-event', 'bad-final'])(
    'a stream that breaks midway (%s) ends with a result',
    async input => {
      const { client, logged } = await start()
      const events: AuditEvent[] = []
      const result = await readStream(client.domains.auditName({ input }), {
        onEvent: event => events.push(event),
      })
      expect(events).toHaveLength(3)
      expect(result).toEqual({
        ok: false,
        failure: { code: 'internal', retry: 'never', detail: { id: expect.any(String) } },
      })
      expect(logged).toHaveLength(1)
      expect(JSON.stringify([result, events, logged])).not.toContain(secret)
    },
  )

  test('unknown columns are stripped from outputs, events and final results', async () => {
    const { client } = await start()
    const output = await client.domains.inspect({ input: 'extra' })
    const history = await client.domains.history({ id: '1' })
    const events: AuditEvent[] = []
    const final = await readStream(client.domains.auditName({ input: 'plain' }), {
      onEvent: event => events.push(event),
    })
    expect(output.ok && history.ok && final.ok).toBe(true)
    expect(history).toEqual({ ok: true, value: [{ at: 1, score: null }] })
    expect(JSON.stringify([output, history, events, final])).not.toContain(secret)
  })

  test('progress arrives in order, and then the result', async () => {
    const { client } = await start()
    const seen: string[] = []
    const final = await readStream(client.domains.auditName({ input: 'plain' }), {
      onEvent: event => seen.push(event.kind === 'started' ? event.domain : event.kind),
    })
    expect(seen).toEqual(['0', '1', '2'])
    expect(final).toMatchObject({ ok: true, value: { domain: 'example.com', queries: 3 } })
  })

  test('cancel reaches the handler of a plain call', async () => {
    const { client, aborted, begun, logged } = await start()
    const cancel = new AbortController()
    const call = client.domains.inspect({ input: 'wait' }, { signal: cancel.signal })
    await vi.waitFor(() => expect(begun).toEqual(['wait']))
    cancel.abort()
    expect(await call).toMatchObject({ ok: false, failure: { code: 'cancelled' } })
    await vi.waitFor(() => expect(aborted).toEqual(['wait']))
    expect(logged).toEqual([])
  })

  test('cancel settles a call whose handler does not listen', async () => {
    const { client, begun } = await start()
    const cancel = new AbortController()
    const plain = client.domains.inspect({ input: 'deaf' }, { signal: cancel.signal })
    const stream = readStream(client.domains.auditName({ input: 'deaf' }, { signal: cancel.signal }), {
      onEvent: () => {},
    })
    await vi.waitFor(() => expect(begun).toEqual(['deaf', 'deaf']))
    cancel.abort()
    expect(await plain).toMatchObject({ failure: { code: 'cancelled' } })
    expect(await stream).toMatchObject({ failure: { code: 'cancelled' } })
  })

  test('a call that was cancelled before it began does not begin', async () => {
    const { client } = await start()
    const answer = await client.domains.inspect({ input: 'wait' }, { signal: AbortSignal.abort() })
    expect(answer).toMatchObject({ failure: { code: 'cancelled' } })
  })

  test.each(['wait', 'deaf', 'endless'])('cancel by the reader ends a stream (%s) at once', async input => {
    const { client, aborted } = await start()
    const cancel = new AbortController()
    let seen = 0
    const result = await readStream(client.domains.auditName({ input }), {
      signal: cancel.signal,
      onEvent: () => {
        seen += 1
        if (seen === 3) setTimeout(() => cancel.abort(), 5)
      },
    })
    expect(result).toMatchObject({ ok: false, failure: { code: 'cancelled' } })
    await vi.waitFor(() => expect(aborted).toContain(input))
  })

  test('leaving the loop aborts the handler', async () => {
    const { client, aborted } = await start()
    for await (const event of await client.domains.auditName({ input: 'endless' })) {
      if (event.kind === 'started' && event.domain === '5') break
    }
    await vi.waitFor(() => {
      expect(aborted).toContain('endless')
      expect(aborted).toContain('endless was left')
    })
  })

  test('an error of the reader ends the stream on both sides', async () => {
    const { client, aborted } = await start()
    const reported = vi.fn()
    vi.stubGlobal('reportError', reported)
    const result = await readStream(client.domains.auditName({ input: 'endless' }), {
      onEvent: () => {
        throw new Error('reader')
      },
    })
    vi.unstubAllGlobals()
    expect(result).toMatchObject({ ok: false, failure: { code: 'internal' } })
    await vi.waitFor(() => expect(aborted).toContain('endless'))
  })

  test('a slow reader of the feed bounds its producer', async () => {
    const { client, pages } = await start()
    const stream = await client.changes.watch({ feed: 'f', since: 0, dataId: null })
    await stream.next()
    await new Promise(resolve => setTimeout(resolve, 50))
    expect(pages()).toBeLessThanOrEqual(creditPages)
    for (let page = 0; page < 20; page += 1) {
      await client.changes.acknowledge({ feed: 'f', page })
      const step = await stream.next()
      expect(step.value).toMatchObject({ kind: 'changes', page: page + 1, seq: page + 2 })
    }
    await new Promise(resolve => setTimeout(resolve, 50))
    expect(pages()).toBeLessThanOrEqual(19 + 1 + creditPages)
    await stream.return?.()
  })
})
