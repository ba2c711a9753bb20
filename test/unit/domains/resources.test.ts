import { expect, test } from 'vitest'
import { z } from 'zod'
import claimable from '../../../resources/claimable-services.json' with { type: 'json' }
import senders from '../../../resources/report-senders.json' with { type: 'json' }
import parking from '../../../resources/parking-nameservers.json' with { type: 'json' }
import { confidenceSchema } from '#shared/model/provider.ts'

const suffix = z.string().regex(/^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/)
const source = { source: z.string().min(3), confidence: confidenceSchema }

test('services whose names a stranger can claim', () => {
  const rows = z.array(
    z.strictObject({ service: z.string().min(2), suffixes: z.array(suffix).min(1), ...source }),
  )
  const suffixes = rows.parse(claimable).flatMap(row => row.suffixes)
  expect(new Set(suffixes).size).toBe(suffixes.length)
})

test('nameservers of parked and expired domains', () => {
  const kind = z.enum(['parked', 'expired'])
  const rows = z.array(z.strictObject({ kind, suffixes: z.array(suffix).min(1), ...source }))
  const suffixes = rows.parse(parking).flatMap(row => row.suffixes)
  expect(new Set(suffixes).size).toBe(suffixes.length)
})

test('services by the domains that they sign with and send from', () => {
  const rows = z.array(
    z.strictObject({ name: z.string().min(2), domains: z.array(suffix).min(1), ...source }),
  )
  const read = rows.parse(senders)
  const domains = read.flatMap(row => row.domains)
  expect(new Set(domains).size).toBe(domains.length)
  expect(new Set(read.map(row => row.name)).size).toBe(read.length)
})
