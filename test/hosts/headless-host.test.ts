import { stat, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { ensureBuilt } from '../../src-main/build.ts'
import { createConnection } from '../../src-renderer/client/connection.ts'
import { webSocketWire } from '../../src-renderer/client/wire.ts'
import { ok } from '../../src-shared/failure.ts'
import {
  makeDataDir,
  openHostSession,
  rawRequest,
  type RunningHost,
  runHeadlessHost,
  startHeadlessHost,
} from '../helpers/headless-host.ts'

let host: RunningHost
let dataDir = ''
beforeAll(async () => {
  dataDir = await makeDataDir()
  host = await startHeadlessHost({ dataDir })
})
afterAll(async () => {
  await host?.stop()
})

const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
const origin = () => `http://127.0.0.1:${host.port}`
const get = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
  rawRequest(host.port, path, { headers, method })
const post = (body: string, headers: Record<string, string> = {}) =>
  rawRequest(host.port, '/session', {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: origin(), ...headers },
    body,
  })

const upgrade = (headers: Record<string, string>, path = '/socket') =>
  get(path, {
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
    ...headers,
  })

/** The wire as the page opens it, which in Node has to bring its own cookie and origin. */
function wireTo({ port }: RunningHost, cookie: string) {
  class PageSocket extends WebSocket {
    constructor(url: string) {
      super(url, { origin: `http://127.0.0.1:${port}`, headers: { cookie } })
    }
  }
  globalThis.WebSocket = PageSocket as unknown as typeof globalThis.WebSocket
  return webSocketWire(`ws://127.0.0.1:${port}/socket`, async () => ok(null))
}

describe('the page', () => {
  it('comes without a session, under the strict policy', async () => {
    const answer = await get('/')
    expect(answer.status).toBe(200)
    expect(answer.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': policy,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'no-store',
    })
    expect(answer.body).not.toContain(host.token)
    expect(answer.body).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=/)
  })

  it('has assets that may be kept for ever, each with its type', async () => {
    const { body } = await get('/')
    const assets = [...body.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(match => String(match[1]))
    expect(assets.length).toBeGreaterThan(1)
    for (const asset of assets) {
      const answer = await get(asset)
      expect(answer.status).toBe(200)
      expect(answer.headers['cache-control']).toBe('public, max-age=31536000, immutable')
      expect(answer.headers['content-security-policy']).toBe(policy)
      expect(answer.headers['content-type']).toMatch(/^(text\/javascript|text\/css|image\/svg|font\/)/)
    }
  })

  it('answers HEAD without a body, and a screen’s address with the page', async () => {
    const head = await get('/', {}, 'HEAD')
    expect([head.status, head.body]).toEqual([200, ''])
    const screen = await get('/domains/0198-ab?tab=history')
    expect([screen.status, screen.body]).toEqual([200, (await get('/')).body])
  })

  it.each([
    '/../package.json',
    '/../../../../etc/passwd.txt',
    '/%2e%2e/%2e%2e/package.json',
    '/..%2f..%2fpackage.json',
    '/..\\..\\package.json',
    '/assets/../../build.json',
    '//etc/passwd.txt',
    '/assets/%00.js',
    '/assets/',
    '/build.json',
    '/__proto__.js',
    'http://evil.example/x.js',
  ])('has nothing else: %s', async path => {
    expect((await get(path)).status).toBe(404)
  })

  it.each(['PUT', 'DELETE', 'OPTIONS', 'PATCH', 'POST'])('is not changed by %s', async method => {
    expect((await get('/', {}, method)).status).toBe(405)
  })
})

describe('who may come in', () => {
  it.each(['evil.example', 'evil.example:80', '127.0.0.1', '127.0.0.1:1', '192.0.2.1:7468'])(
    'nobody who asks for %s, though it points here',
    async name => {
      for (const path of ['/', '/session', '/socket']) {
        const answer = await get(path, { host: name })
        expect([answer.status, answer.headers['set-cookie']]).toEqual([421, undefined])
      }
    },
  )

  it('whoever has the token, again and again while the host runs', async () => {
    for (let i = 0; i < 2; i++) {
      const answer = await post(JSON.stringify({ token: host.token }))
      expect(answer.status).toBe(204)
      expect(answer.headers['set-cookie']?.[0]).toMatch(
        /^rookery-\d+=[\w-]{43}; HttpOnly; SameSite=Strict; Path=\/$/,
      )
    }
    const cookie = await openHostSession(host)
    expect((await get('/session', { cookie })).status).toBe(204)
    expect((await get('/session')).status).toBe(401)
  })

  it('nobody with another token, or none', async () => {
    for (const body of [{ token: 'wrong' }, { token: `${host.token}x` }]) {
      const answer = await post(JSON.stringify(body))
      expect([answer.status, answer.headers['set-cookie']]).toEqual([401, undefined])
    }
    for (const body of ['', '{', 'null', '[]', '{"token":7}', '{"token":""}']) {
      expect((await post(body)).status).toBe(400)
    }
    expect((await post(JSON.stringify({ token: 'x'.repeat(600) }))).status).toBe(413)
  })

  it('no other site’s page, though it had the token', async () => {
    const body = JSON.stringify({ token: host.token })
    for (const other of ['http://evil.example', 'null', `https://127.0.0.1:${host.port}`]) {
      expect((await post(body, { origin: other })).status).toBe(403)
    }
    expect((await rawRequest(host.port, '/session', { method: 'POST', body })).status).toBe(403)
    // A form of another site can send text/plain without asking first.
    expect((await post(body, { 'content-type': 'text/plain' })).status).toBe(415)
  })

  it('no socket without the cookie, from another page, or on another path', async () => {
    const cookie = await openHostSession(host)
    expect((await upgrade({ origin: origin() })).status).toBe(401)
    expect((await upgrade({ origin: origin(), cookie: `rookery-${host.port}=guess` })).status).toBe(401)
    expect((await upgrade({ cookie })).status).toBe(403)
    expect((await upgrade({ origin: 'http://evil.example', cookie })).status).toBe(403)
    expect((await upgrade({ origin: origin(), cookie, host: 'evil.example' })).status).toBe(421)
    expect((await upgrade({ origin: origin(), cookie }, '/other')).status).toBe(404)
    expect((await upgrade({ origin: origin(), cookie })).status).toBe(101)
  })

  it('nobody holds it with garbage or a request that never ends', async () => {
    const answers = await Promise.all(
      [
        '\0\0\0garbage\r\n\r\n',
        `GET / HTTP/1.1\r\nx: ${'y'.repeat(40_000)}\r\n\r\n`,
        'GET / HTTP/9\r\n\r\n',
        'GET / HTTP/1.1\r\nhost: ',
      ].map(text => answerTo(host.port, text)),
    )
    for (const answer of answers) expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /)
    expect(answers[3]).toMatch(/^HTTP\/1\.1 408 /)
    expect((await get('/')).status).toBe(200)
  })

  it('nobody keeps a connection that asks nothing; it is closed without a word', async () => {
    expect(await answerTo(host.port, '')).toBe('')
  })
})

describe('the wire', () => {
  it('carries calls of the same build, and refuses those of another', async () => {
    const cookie = await openHostSession(host)
    const build = await ensureBuilt()
    const same = createConnection({ openWire: wireTo(host, cookie), build })
    const called = await same.client.domains.add({ input: 'example.com', tags: [] })
    expect(called).toMatchObject({ ok: true })
    expect(same.state()).toMatchObject({
      kind: 'open',
      hello: { build, host: { opensLinks: 'page', dataFolder: dataDir } },
    })
    same.close()

    const other = createConnection({ openWire: wireTo(host, cookie), build: 'another' })
    const refused = await other.client.settings.get()
    expect(refused).toMatchObject({ ok: false, failure: { code: 'build-differs' } })
    expect(other.state()).toEqual({ kind: 'build-differs' })
    other.close()
  })
})

describe('a host that cannot start', () => {
  const oneSentence = /^[A-Z][^\n]+\.\n$/

  it('says that another one holds the folder', async () => {
    const second = await runHeadlessHost({ dataDir })
    expect(second).toMatchObject({ code: 1, stdout: '' })
    expect(second.stderr).toMatch(oneSentence)
    expect(second.stderr).not.toMatch(/\bat .*:\d+|undefined|data-folder-locked/)
  })

  it('says that the port is in use', async () => {
    const second = await runHeadlessHost({ args: ['--port', String(host.port)] })
    expect(second).toMatchObject({ code: 1, stdout: '' })
    expect(second.stderr).toContain(`Port ${host.port} is in use`)
    expect(second.stderr).toMatch(oneSentence)
  })

  it('says that the address is not one of this machine', async () => {
    const second = await runHeadlessHost({ args: ['--listen', '192.0.2.1'] })
    expect(second.code).toBe(1)
    expect(second.stderr).toContain('192.0.2.1 is not an address of this machine')
  })

  it('says that the data are damaged, and leaves them as they are', async () => {
    const damaged = await makeDataDir()
    const first = await startHeadlessHost({ dataDir: damaged })
    await first.stop()
    const file = join(damaged, 'rookery.db')
    const { size } = await stat(file)
    await writeFile(file, Buffer.alloc(size, 'x'))
    const second = await runHeadlessHost({ dataDir: damaged })
    expect(second).toMatchObject({ code: 1, stdout: '' })
    expect(second.stderr).toMatch(oneSentence)
    expect((await stat(file)).size).toBe(size)
  })

  it('says that the folder cannot be written', async () => {
    const file = join(await makeDataDir(), 'file')
    await writeFile(file, '')
    const second = await runHeadlessHost({ dataDir: join(file, 'inside') })
    expect(second).toMatchObject({ code: 1, stdout: '' })
    expect(second.stderr).toMatch(oneSentence)
  })

  it('says which option it does not know', async () => {
    const second = await runHeadlessHost({ args: ['--prot', '1'] })
    expect(second.code).toBe(2)
    expect(second.stderr).toMatch(/There is no option --prot\.\n\nUsage: /)
  })
})

describe('the end', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('comes cleanly with %s', async signal => {
    const running = await startHeadlessHost()
    const cookie = await openHostSession(running)
    const socket = new WebSocket(`ws://127.0.0.1:${running.port}/socket`, {
      origin: `http://127.0.0.1:${running.port}`,
      headers: { cookie },
    })
    await new Promise(resolve => socket.once('open', resolve))
    const closed = new Promise(resolve => socket.once('close', resolve))
    const { code, tookMs } = await running.stop(signal)
    expect(code).toBe(0)
    expect(tookMs).toBeLessThan(10_000)
    expect(running.output()).not.toMatch(/\bat .*:\d+/)
    await closed
  })

  it('comes cleanly though the signal is sent twice, as npm and a terminal do', async () => {
    const running = await startHeadlessHost()
    running.child.kill('SIGINT')
    expect(await running.stop('SIGINT')).toMatchObject({ code: 0 })
  })

  it('keeps what was added for the next start, which needs its own token', async () => {
    const folder = await makeDataDir()
    const build = await ensureBuilt()
    const first = await startHeadlessHost({ dataDir: folder })
    const before = createConnection({ openWire: wireTo(first, await openHostSession(first)), build })
    const added = await before.client.domains.add({ input: 'kept.example', tags: [] })
    expect(added.ok).toBe(true)
    const helloBefore = before.state()
    before.close()
    await first.stop()

    const second = await startHeadlessHost({ dataDir: folder })
    await expect(openHostSession({ port: second.port, token: first.token })).rejects.toThrow('401')
    const after = createConnection({ openWire: wireTo(second, await openHostSession(second)), build })
    const again = await after.client.domains.add({ input: 'kept.example', tags: [] })
    expect(again).toMatchObject({ ok: false, failure: { code: 'domain-already-added' } })
    if (helloBefore.kind !== 'open') throw new Error(helloBefore.kind)
    expect(after.state()).toMatchObject({ hello: { dataId: helloBefore.hello.dataId } })
    after.close()
    await second.stop()
  })
})

/** All that comes back on a connection of its own, until it is closed. */
function answerTo(port: number, text: string): Promise<string> {
  return new Promise(resolve => {
    let received = ''
    const socket = connect(port, '127.0.0.1', () => socket.write(text))
    socket.on('data', part => (received += String(part)))
    socket.on('error', () => {})
    socket.on('close', () => resolve(received))
  })
}
