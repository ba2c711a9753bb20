import { array, assert, constantFrom, property } from 'fast-check'
import { expect, test } from 'vitest'
import { parseAuthenticationResults } from '#shared/mail-auth/parse-authentication-results.ts'
import { failedMethods, verdictsOf } from '#engine/mailboxes/round-trip.ts'

test('reads what Gmail writes, comments and all', () => {
  const text = `mx.google.com;
       dkim=pass header.i=@a.test header.s=s1 header.b="Ab/+c==";
       spf=pass (google.com: domain of anna@a.test designates 192.0.2.1 (nested) as permitted sender) smtp.mailfrom=anna@a.test;
       dmarc=pass (p=REJECT sp=REJECT dis=NONE) header.from=a.test`
  expect(parseAuthenticationResults(text)).toEqual({
    authservId: 'mx.google.com',
    results: [
      {
        method: 'dkim',
        result: 'pass',
        reason: null,
        properties: { 'header.i': '@a.test', 'header.s': 's1', 'header.b': 'Ab/+c==' },
      },
      { method: 'spf', result: 'pass', reason: null, properties: { 'smtp.mailfrom': 'anna@a.test' } },
      { method: 'dmarc', result: 'pass', reason: null, properties: { 'header.from': 'a.test' } },
    ],
  })
})

test('reads the examples of RFC 8601, appendix B', () => {
  expect(parseAuthenticationResults('example.org 1; none')).toEqual({
    authservId: 'example.org',
    results: [],
  })
  const several = parseAuthenticationResults(
    'example.com; auth=pass (cram-md5) smtp.auth=sender@example.net; spf=fail reason="not \\"ours\\"" smtp.mailfrom=example.net',
  )
  expect(several?.results).toMatchObject([
    { method: 'auth', result: 'pass', properties: { 'smtp.auth': 'sender@example.net' } },
    { method: 'spf', result: 'fail', reason: 'not "ours"' },
  ])
  expect(parseAuthenticationResults('x.test; dkim/1 = pass header.d = a.test')?.results).toMatchObject([
    { method: 'dkim', result: 'pass', properties: { 'header.d': 'a.test' } },
  ])
})

test.each(['', ';', '  ', '(only a comment)', '= ; spf=pass'])('%j is no field', text => {
  expect(parseAuthenticationResults(text)).toBeNull()
})

test('a broken part costs only itself', () => {
  const read = parseAuthenticationResults('x.test; =pass; dkim; spf=pass; dmarc=; (open comment; arc=fail')
  expect(read?.results.map(({ method }) => method)).toEqual(['spf'])
})

test('never throws, and takes bounded time', () => {
  const pieces = constantFrom(
    'spf',
    '=',
    ';',
    '(',
    ')',
    '"',
    '\\',
    'pass',
    ' ',
    '\r\n ',
    'header.d',
    '🐧',
    '==',
  )
  assert(
    property(array(pieces, { maxLength: 200 }), parts => {
      const read = parseAuthenticationResults(parts.join(''))
      expect(read === null || read.results.every(({ method }) => /^[a-z]/.test(method))).toBe(true)
    }),
  )
  expect(parseAuthenticationResults(`x.test; ${'('.repeat(100_000)}`)?.results).toEqual([])
})

test('only the fields of the receiver at the top count, not those that came with the message', () => {
  const headers = [
    'Authentication-Results: mx.test; spf=fail smtp.mailfrom=a.test;',
    ' dkim=none',
    'Authentication-Results: MX.test; dmarc=fail header.from=a.test',
    'Authentication-Results: evil.test; dkim=pass header.d=a.test',
    'Authentication-Results: mx.test; spf=pass smtp.mailfrom=a.test',
    '',
  ].join('\r\n')
  const verdicts = verdictsOf(headers)
  expect(verdicts.map(({ method, result }) => `${method}=${result}`)).toEqual([
    'spf=fail',
    'dkim=none',
    'dmarc=fail',
  ])
  expect(failedMethods(verdicts)).toEqual(['spf', 'dmarc'])
})

test('a second signature that fails does not spoil one that holds, and an open question is no failure', () => {
  const verdicts = verdictsOf(
    'Authentication-Results: mx.test; dkim=fail header.d=list.test; dkim=pass header.d=a.test; spf=temperror\r\n',
  )
  expect(failedMethods(verdicts)).toEqual([])
})
