import { afterEach, beforeEach, expect, it } from 'vitest'
import { credentialsOf, mailboxAsTold } from '#engine/mailboxes/as-told.ts'
import { mailboxSecret, sealedForm } from '#engine/mailboxes/credentials.ts'
import { noteEvent } from '#engine/mailboxes/events.ts'
import { fail, ok } from '#shared/failure.ts'
import { modelTenant } from '../../helpers/model-tenant.ts'
import { type SyncDevice, syncDevice } from '../../helpers/sync-device.ts'
import { canary } from '../../helpers/canary.ts'

let device: SyncDevice
let id: string
beforeEach(async () => {
  device = await syncDevice(modelTenant().api(), { connected: false })
  id = device.addMailbox('Anna@Example.com')
})
afterEach(() => device.close())

it('is its status, and removed once it is off the list', () => {
  expect(mailboxAsTold(device.store, id)).toMatchObject({
    key: 'anna@example.com',
    address: 'Anna@Example.com',
    domainName: 'example.com',
    state: 'not-fully-tested',
  })
  device.pauseMailbox(id)
  expect(mailboxAsTold(device.store, id)?.state).toBe('paused')
  device.removeMailbox(id)
  expect(mailboxAsTold(device.store, id)?.state).toBe('removed')
  expect(mailboxAsTold(device.store, 'nobody')).toBeNull()
})

it('has another credential when the password or the servers change, and not otherwise', () => {
  const credential = () => mailboxAsTold(device.store, id)?.credential ?? 0
  const first = credential()
  device.store.write(writes => noteEvent(writes, id, 'settings-changed', {}, 1))
  expect(credential()).toBe(first)
  device.store.write(writes => noteEvent(writes, id, 'credential-changed', {}, 1))
  expect(credential()).toBeGreaterThan(first)
})

it('gives servers and password when asked, and what the vault says when it is locked', async () => {
  const password = canary('told')
  const kept = sealedForm({ password, imapPassword: null })
  const read = async (name: string) => ok(name === mailboxSecret(id) ? kept : null)
  expect(await credentialsOf(device.store, { read }, 'anna@example.com')).toEqual(
    ok({
      smtp: { host: 'smtp.example.com', port: 465, security: 'tls' },
      imap: null,
      user: 'Anna@Example.com',
      password,
    }),
  )
  expect(await credentialsOf(device.store, { read }, 'nobody@example.com')).toEqual(ok(null))
  const locked = fail('vault-locked', {}, 'later')
  expect(await credentialsOf(device.store, { read: async () => locked }, 'anna@example.com')).toEqual(locked)
})
