import { expect, test } from 'vitest'
import { connectionFailureCodes, connectionResultSchema } from '#shared/model/connection.ts'
import { connectionScenarios } from '../../helpers/connection-scenarios.ts'
import { testPassword } from '../../helpers/connection-test.ts'

test.each(connectionFailureCodes)('%s is told by a server that causes it', async code => {
  const { phase, isNotice = false, run } = connectionScenarios[code]
  const { events, result } = await run()
  const found = isNotice ? result.notices : result.failures
  expect(found.map(one => ({ phase: one.phase, code: one.code }))).toContainEqual({ phase, code })
  // The first failure of a side is its cause; nothing else may stand before it.
  if (!isNotice) expect(result.failures[0]?.code).toBe(code)
  expect(result.result).toBe(isNotice ? 'passed' : code === 'arrival.not-seen' ? 'partly' : 'failed')
  expect(events.filter(event => event.state === 'failed').map(event => event.phase)).toEqual(
    result.failures.map(failure => failure.phase),
  )
  expect(connectionResultSchema.safeParse(result).success).toBe(true)
  const told = JSON.stringify([events, result])
  expect(told).not.toContain(testPassword)
  expect(told).not.toContain(Buffer.from(testPassword).toString('base64'))
})
