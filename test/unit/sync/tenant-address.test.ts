import { assert, property, webUrl } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isLoopback } from '#engine/net/loopback.ts'
import { proxyOf } from '#engine/net/proxy.ts'
import { isToken, readBaseUrl, readTenantId } from '#engine/sync/tenant-address.ts'
import { readRetryAfter } from '#engine/sync/tenant-faults.ts'

const reasonOf = (result: ReturnType<typeof readBaseUrl>) =>
  result.ok ? null : result.failure.detail['reason']

describe('the address of a tenant API', () => {
  it.each([
    ['https://api.example.com', 'https://api.example.com'],
    [' https://api.example.com/ ', 'https://api.example.com'],
    ['HTTPS://API.Example.com:443//', 'https://api.example.com'],
    ['https://api.example.com:8443/mail/', 'https://api.example.com:8443/mail'],
    ['https://api.example.com/api/v1', 'https://api.example.com'],
    ['https://example.com/mail/api/v1/', 'https://example.com/mail'],
    ['https://10.1.2.3', 'https://10.1.2.3'],
    ['http://127.0.0.1:4100', 'http://127.0.0.1:4100'],
    ['http://localhost:4100', 'http://localhost:4100'],
    ['http://[::1]:4100/', 'http://[::1]:4100'],
  ])('%s is %s', (typed, url) => {
    expect(readBaseUrl(typed)).toEqual({ ok: true, value: url })
  })

  it.each([
    ['', 'not-a-url'],
    ['api.example.com', 'not-a-url'],
    ['ftp://api.example.com', 'not-a-url'],
    ['javascript:alert(1)', 'not-a-url'],
    [`https://api.example.com/${'x'.repeat(3_000)}`, 'not-a-url'],
    ['http://api.example.com', 'plain-http'],
    ['http://10.0.0.1', 'plain-http'],
    ['http://127.0.0.1.example.com', 'plain-http'],
    ['http://localhost.example.com', 'plain-http'],
    ['http://0.0.0.0', 'plain-http'],
    ['https://anna:secret@api.example.com', 'credentials'],
    ['https://anna@api.example.com', 'credentials'],
    ['https://api.example.com/?key=1', 'query'],
    ['https://api.example.com/?', 'query'],
    ['https://api.example.com/#top', 'query'],
  ])('%s is not one: %s', (typed, reason) => expect(reasonOf(readBaseUrl(typed))).toBe(reason))

  it('is the same again when it is read again', () => {
    assert(
      property(webUrl({ withFragments: true, withQueryParameters: true }), typed => {
        const read = readBaseUrl(typed)
        if (read.ok) expect(readBaseUrl(read.value)).toEqual(read)
      }),
    )
  })

  it('goes with a tenant id and a token that fit into headers', () => {
    expect(readTenantId(' t-1 ')).toEqual({ ok: true, value: 't-1' })
    for (const typed of ['', 'two words', 'a\nb', 'ü', 'x'.repeat(300)])
      expect(reasonOf(readTenantId(typed)), typed).toBe('tenant-id')
    expect(isToken('abc.DEF-123_~+/=')).toBe(true)
    for (const typed of ['', 'a b', 'a\r\nb: c', 'tök', 'x'.repeat(10_000)])
      expect(isToken(typed)).toBe(false)
  })
})

describe('this machine', () => {
  it.each([
    '127.0.0.1',
    '127.9.9.9',
    '::1',
    '[::1]',
    '0:0:0:0:0:0:0:1',
    'localhost',
    'LOCALHOST.',
    'a.localhost',
  ])('is %s', host => expect(isLoopback(host)).toBe(true))
  it.each([
    '128.0.0.1',
    '0.0.0.0',
    '10.0.0.1',
    '::2',
    '::',
    '127.0.0.1.example',
    'localhost.example',
    '',
    '127.1',
  ])('is not %s', host => expect(isLoopback(host)).toBe(false))
})

describe('the proxy', () => {
  const api = new URL('https://api.example.com')
  const proxy = 'http://proxy.test:3128'
  const through = (noProxy: string, url = api) => proxyOf(url, { HTTPS_PROXY: proxy, NO_PROXY: noProxy })

  it('is the one for https, in lower case first, with or without its scheme', () => {
    expect(proxyOf(api, {})).toBeNull()
    expect(proxyOf(api, { HTTPS_PROXY: ' ' })).toBeNull()
    expect(proxyOf(api, { HTTP_PROXY: proxy })).toBeNull()
    expect(proxyOf(api, { HTTPS_PROXY: proxy })).toBe(proxy)
    expect(proxyOf(api, { https_proxy: 'https://other.test', HTTPS_PROXY: proxy })).toBe('https://other.test')
    expect(proxyOf(api, { HTTPS_PROXY: 'proxy.test:3128' })).toBe(proxy)
  })

  it.each([
    '*',
    'example.com',
    '.example.com',
    '*.example.com',
    'API.EXAMPLE.COM',
    'api.example.com:443',
    'a.test, example.com',
    'a.test example.com.',
  ])('is not asked for what NO_PROXY names as %s', entry => expect(through(entry)).toBeNull())

  it.each(['', ',', 'ample.com', 'www.example.com', 'api.example.com:8443', '.', '*.'])(
    'is asked although NO_PROXY holds %s',
    entry => expect(through(entry)).toBe(proxy),
  )

  it('goes by address and port too', () => {
    expect(through('192.0.2.7', new URL('https://192.0.2.7:8443'))).toBeNull()
    expect(through('[2001:db8::7]:8443', new URL('https://[2001:db8::7]:8443'))).toBeNull()
    expect(through('2001:db8::7', new URL('https://[2001:db8::7]'))).toBeNull()
    expect(through('192.0.2.8', new URL('https://192.0.2.7'))).toBe(proxy)
  })

  it('is never asked for this machine, nor with plain http', () => {
    for (const url of ['https://localhost', 'https://127.0.0.1:9', 'https://[::1]', 'http://api.example.com'])
      expect(proxyOf(new URL(url), { HTTPS_PROXY: proxy, HTTP_PROXY: proxy }), url).toBeNull()
  })
})

describe('Retry-After', () => {
  const nowAt = Date.UTC(2026, 10, 22, 12)
  const read = (header: string | undefined, date?: string) => readRetryAfter(header, date, nowAt, 3_600_000)

  it.each([
    ['0', 0],
    ['120', 120_000],
    [' 5 ', 5_000],
    ['7200', 3_600_000],
    ['Sun, 22 Nov 2026 12:00:30 GMT', 30_000],
    ['Sun, 22 Nov 2026 11:00:00 GMT', 0],
    ['Mon, 23 Nov 2026 12:00:00 GMT', 3_600_000],
    [undefined, null],
    ['', null],
    ['-1', null],
    ['1e9', null],
    ['2.5', null],
    ['later', null],
    ['9'.repeat(400), 3_600_000],
  ])('%s is %s ms', (header, waitMs) => expect(read(header)).toBe(waitMs))

  it('as a date goes by the clock of the server', () => {
    expect(read('Sun, 22 Nov 2026 03:00:10 GMT', 'Sun, 22 Nov 2026 03:00:00 GMT')).toBe(10_000)
    expect(read('Sun, 22 Nov 2026 12:00:10 GMT', 'nonsense')).toBe(10_000)
  })
})
