import { afterEach, expect, it } from 'vitest'
import { canary } from '../helpers/canary.ts'
import { failureOf, type TestEngine, testEngine, valueOf } from '../helpers/engine.ts'

const engines: TestEngine[] = []
afterEach(async () => {
  for (const engine of engines.splice(0)) await engine.stop()
})

async function world() {
  const engine = await testEngine()
  engines.push(engine)
  return engine
}

const clientId = '123456-abc.apps.example.com'
const clientSecret = canary('client')

it('a client of one’s own is kept, its secret sealed and never shown', async () => {
  const { client, platform } = await world()
  expect(valueOf(await client.oauth.clients())).toEqual([
    { provider: 'google', origin: null, clientId: null, hasSecret: false },
    { provider: 'microsoft', origin: null, clientId: null, hasSecret: false },
  ])
  const set = await client.oauth.setClient({ provider: 'google', clientId: ` ${clientId} `, clientSecret })
  expect(valueOf(set)[0]).toEqual({ provider: 'google', origin: 'own', clientId, hasSecret: true })
  expect(JSON.stringify([set, await client.oauth.clients(), platform.lines])).not.toContain(clientSecret)
  const forgotten = await client.oauth.setClient({ provider: 'google', clientId: null })
  expect(valueOf(forgotten)[0]).toMatchObject({ origin: null, hasSecret: false })
})

it.each(['with a space', 'short', 'line\nbreak-in-it', ''])('%j is no client', async text => {
  const { client } = await world()
  expect(failureOf(await client.oauth.setClient({ provider: 'google', clientId: text }))).toMatchObject({
    code: 'oauth-client-invalid',
  })
})

it('nobody signs in without a client, or for what is no address', async () => {
  const { client, platform } = await world()
  const ended = async (address: string) => {
    const stream = await client.oauth.signIn({ provider: 'microsoft', address })
    let step = await stream.next()
    while (!step.done) step = await stream.next()
    return failureOf(step.value)
  }
  expect(await ended('anna@example.com')).toMatchObject({ code: 'oauth-client-missing' })
  expect(await ended('anna')).toMatchObject({ code: 'address-without-at' })
  expect(platform.openedPages).toEqual([])
})

it('a sign-in opens the page of the provider and can be left', async () => {
  const { client, platform } = await world()
  await client.oauth.setClient({ provider: 'microsoft', clientId: 'b5a3c1d2-0000-4000-8000-000000000000' })
  const stream = await client.oauth.signIn({ provider: 'microsoft', address: 'Anna@example.com' })
  expect(await stream.next()).toMatchObject({ done: false, value: { state: 'browser', url: null } })
  await stream.return?.()
  const [page = ''] = platform.openedPages
  const url = new URL(page)
  expect(url.origin + url.pathname).toBe('https://login.microsoftonline.com/common/oauth2/v2.0/authorize')
  expect(url.searchParams.get('scope')).toContain('https://outlook.office.com/SMTP.Send')
  expect(url.searchParams.get('redirect_uri')).toMatch(/^http:\/\/localhost:\d+$/)
  expect(valueOf(await client.oauth.status({ address: 'anna@example.com' }))).toBeNull()
  expect(valueOf(await client.oauth.forget({ address: 'anna@example.com' }))).toBeNull()
})
