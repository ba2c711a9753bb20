import { createPublicKey, sign, verify } from 'node:crypto'
import { expect, test } from 'vitest'
import { makeKeyPair, proposeSelector } from '#engine/domains/dkim-keys.ts'
import { parseDkimKey } from '#shared/mail-auth/parse-dkim-key.ts'

test('the record holds the public half of the private key, RSA of 2048 bits', async () => {
  const { record, privateKey } = await makeKeyPair()
  expect(parseDkimKey(record)).toMatchObject({
    ok: true,
    record: { key: { state: 'usable', type: 'rsa', bits: 2048 } },
  })
  const der = Buffer.from(/p=(.*)$/.exec(record)?.[1] ?? '', 'base64')
  const published = createPublicKey({ key: der, format: 'der', type: 'spki' })
  const message = Buffer.from('from:someone@example.com')
  expect(verify('sha256', message, published, sign('sha256', message, privateKey))).toBe(true)
  expect(record).not.toContain('PRIVATE')
  const other = await makeKeyPair()
  expect(other.record).not.toBe(record)
})

test('a selector names the month, and never one that is taken', () => {
  const now = Date.UTC(2026, 10, 22)
  expect(proposeSelector(now, [])).toBe('rk202611')
  expect(proposeSelector(now, ['RK202611'])).toBe('rk202611-2')
  expect(proposeSelector(now, ['rk202611', 'rk202611-2', 'rk202611-3'])).toBe('rk202611-4')
  expect(proposeSelector(Date.UTC(2027, 0, 1), ['rk202611'])).toBe('rk202701')
})
