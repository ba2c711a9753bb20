import { describe, expect, test } from 'vitest'
import { createOutOfReach } from '#engine/mailboxes/out-of-reach.ts'

describe('what a person hears of a server that cannot be used', () => {
  test('what only the server itself can cause, the third time', () => {
    const outOfReach = createOutOfReach()
    const told = [1, 2, 3, 4].map(troubles => outOfReach.missed('a', troubles, 'tls.cert-expired', troubles))
    expect(told).toEqual([false, false, true, true])
  })

  test('what the network here causes as well only when another mailbox was answered since the last try', () => {
    const outOfReach = createOutOfReach()
    outOfReach.reached('b', 0)
    const told = [1, 2, 3, 4].map(troubles => outOfReach.missed('a', troubles, 'net.timeout', troubles))
    expect(told).toEqual([false, false, false, false])
    outOfReach.reached('b', 5)
    expect(outOfReach.missed('a', 5, 'net.timeout', 6)).toBe(true)
    expect(outOfReach.missed('a', 6, 'net.timeout', 7)).toBe(false)
  })

  test('after a start the first try tells nothing about the network', () => {
    const outOfReach = createOutOfReach()
    outOfReach.reached('b', 1)
    expect(outOfReach.missed('a', 9, 'dns.timeout', 2)).toBe(false)
    outOfReach.reached('b', 3)
    expect(outOfReach.missed('a', 10, 'dns.timeout', 4)).toBe(true)
  })
})
