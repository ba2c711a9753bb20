import { isIPv4, isIPv6 } from 'node:net'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isInRange, isPrivateAddress, parseIpv4, parseIpv6 } from '#shared/mail-auth/ip-address.ts'

const nearly = fc
  .array(fc.constantFrom('0', '1', 'f', '255', '256', '.', ':', '::', 'ffff', '192.0.2.1', 'g', '01'), {
    maxLength: 12,
  })
  .map(parts => parts.join(''))

describe('addresses', () => {
  it('are those that Node takes for addresses', () => {
    fc.assert(
      fc.property(fc.oneof(nearly, fc.ipV4(), fc.ipV6(), fc.string()), text => {
        expect(parseIpv4(text) !== null, text).toBe(isIPv4(text))
        expect(parseIpv6(text) !== null, text).toBe(isIPv6(text))
      }),
      { numRuns: 2_000 },
    )
  })

  it.each([
    ['2001:db8::1', [0x2001, 0xdb8, 0, 0, 0, 0, 0, 1]],
    ['::', [0, 0, 0, 0, 0, 0, 0, 0]],
    ['1::', [1, 0, 0, 0, 0, 0, 0, 0]],
    ['::ffff:192.0.2.1', [0, 0, 0, 0, 0, 0xffff, 0xc000, 0x201]],
  ])('reads %s', (text, groups) => {
    expect(parseIpv6(text)).toEqual(groups)
  })

  it.each([
    '127.0.0.1',
    '10.1.2.3',
    '172.31.0.1',
    '192.168.1.1',
    '169.254.1.1',
    '100.64.0.1',
    '::1',
    'fd00::1',
    'fe80::1',
  ])('%s cannot be reached from elsewhere', address => expect(isPrivateAddress(address)).toBe(true))

  it.each(['192.0.2.1', '198.51.100.1', '203.0.113.1', '172.32.0.1', '2001:db8::1', '2a00::1'])(
    '%s can',
    address => expect(isPrivateAddress(address)).toBe(false),
  )

  it('text that is no address is not private', () => {
    expect(isPrivateAddress('localhost')).toBe(false)
  })
})

describe('isInRange', () => {
  it.each([
    ['104.16.0.0', '104.16.0.0/13', true],
    ['104.23.255.255', '104.16.0.0/13', true],
    ['104.24.0.0', '104.16.0.0/13', false],
    ['192.0.2.1', '0.0.0.0/0', true],
    ['192.0.2.1', '192.0.2.1/32', true],
    ['192.0.2.2', '192.0.2.1/32', false],
    ['2606:4700::1', '2606:4700::/32', true],
    ['2606:4701::1', '2606:4700::/32', false],
    ['2a06:98c7::1', '2a06:98c0::/29', true],
    ['2a06:98c8::1', '2a06:98c0::/29', false],
    ['192.0.2.1', '2606:4700::/32', false],
    ['nonsense', '192.0.2.0/24', false],
    ['192.0.2.1', '192.0.2.0', false],
  ])('%s in %s: %s', (address, range, expected) => {
    expect(isInRange(address, range)).toBe(expected)
  })
})
