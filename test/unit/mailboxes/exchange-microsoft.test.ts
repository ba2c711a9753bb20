import { afterEach, describe, expect, test } from 'vitest'
import { usualWatchWaits } from '#engine/mailboxes/exchange/watch.ts'
import { becomes, noSignal } from '../../helpers/mail-access.ts'
import type { ProviderImap } from '../../helpers/provider-imap.ts'
import { microsoftBox, microsoftProfile } from '../../helpers/provider-profiles.ts'
import { asked, stopProviders, watchProvider } from '../../helpers/watch-provider.ts'

afterEach(stopProviders)

const watchMicrosoft = (wishes: Parameters<typeof watchProvider>[2] = {}, box = microsoftBox()) =>
  watchProvider(microsoftProfile, box, wishes)
const logins = ({ lines }: ProviderImap) => lines.filter(line => line.includes('AUTHENTICATE')).length

describe('watching Microsoft 365', () => {
  test('IDLE tells of the inbox, and is begun anew long before it is ended for us', async () => {
    const { server, watch, told } = await watchMicrosoft()
    await becomes('idle', () => server.lines.some(line => line.endsWith('IDLE')))
    server.deliver('Inbox', '<a@b.test>')
    expect(await told('<a@b.test>')).toMatchObject({ role: 'inbox', isRead: false })
    await becomes('idle again', () => server.lines.filter(line => line.endsWith('IDLE')).length > 2)
    expect(watch.states).toEqual([{ kind: 'watching', line: null }])
    expect(1.2 * usualWatchWaits.roundMs).toBeLessThan(29 * 60_000)
  })

  test.each([
    ['English', 'Junk Email', 'Deleted Items'],
    ['English, older', 'Junk E-mail', 'Deleted Items'],
    ['English, of a person', 'Junk', 'Deleted'],
    ['German', 'Junk-E-Mail', 'Gelöschte Elemente'],
    ['French', 'Courrier indésirable', 'Éléments supprimés'],
    ['Spanish', 'Correo no deseado', 'Elementos eliminados'],
    ['Italian', 'Posta indesiderata', 'Posta eliminata'],
    ['Dutch', 'Ongewenste e-mail', 'Verwijderde items'],
    ['Portuguese', 'Lixo Eletrônico', 'Itens Excluídos'],
    ['Polish', 'Wiadomości-śmieci', 'Elementy usunięte'],
    ['Swedish', 'Skräppost', 'Borttaget'],
    ['Danish', 'Uønsket mail', 'Slettet post'],
    ['Norwegian', 'Søppelpost', 'Slettede elementer'],
    ['Finnish', 'Roskaposti', 'Poistetut'],
    ['Czech', 'Nevyžádaná pošta', 'Odstraněná pošta'],
    ['Russian', 'Нежелательная почта', 'Удаленные'],
    ['Japanese', '迷惑メール', '削除済みアイテム'],
    ['Chinese', '垃圾邮件', '已删除邮件'],
  ])(
    'in %s junk is known by its use and, where that is not told, by its name',
    async (_language, junk, deleted) => {
      for (const shows of ['uses', 'nothing'] as const) {
        const { server, told } = await watchMicrosoft({}, microsoftBox({ junk, deleted }, shows))
        server.deliver(junk, '<s@b.test>')
        expect(await told('<s@b.test>'), shows).toMatchObject({ folder: junk, role: 'junk' })
        await stopProviders()
      }
    },
  )
})

describe('what is done with a message at Microsoft 365', () => {
  test('a rescue finds it again though the server does not say where it put it, and no command is refused', async () => {
    const { server, watch, told } = await watchMicrosoft()
    server.deliver('Inbox', '<other@b.test>')
    const spam = server.deliver('Junk Email', '<s@b.test>')
    const rescued = await asked(watch.mail).rescue(await told('<s@b.test>'))
    expect(rescued).toMatchObject({ folder: 'INBOX', role: 'inbox', messageId: '<s@b.test>' })
    expect(server.ids('Junk Email')).toEqual([])
    expect(server.ids('Inbox')).toEqual(['<other@b.test>', '<s@b.test>'])
    // No flags of one's own are taken there.
    expect([...spam.mail.flags]).toEqual([])
    expect(server.lines.filter(line => line.includes('STORE'))).toEqual([])
  })

  test('read, flagged, filed and tidied; important is nothing it knows', async () => {
    const { server, watch, told } = await watchMicrosoft()
    const entry = server.deliver('Inbox', '<a@b.test>', { receivedAt: Date.now() - 60_000 })
    const seen = await told('<a@b.test>')
    await asked(watch.mail).markRead(seen, true, true)
    expect([...entry.mail.flags].toSorted()).toEqual(['\\Flagged', '\\Seen'])
    await asked(watch.mail).file(seen)
    expect(server.ids('Inbox')).toEqual([])
    expect(server.ids('Rookery')).toEqual(['<a@b.test>'])
    expect(await asked(watch.mail).tidy(Date.now())).toBe(1)
    expect(server.ids('Rookery')).toEqual([])
  })
})

describe('Microsoft 365 when it is asked too much', () => {
  const backoffMs = 700

  test.each([
    [
      'NO',
      (tag: string) => `${tag} NO Request is throttled. Suggested Backoff Time: ${backoffMs} milliseconds`,
    ],
    [
      'BAD and a good-bye',
      (tag: string) =>
        `${tag} BAD Request is throttled. Suggested Backoff Time: ${backoffMs} milliseconds\r\n* BYE Connection closed. 14`,
    ],
  ])('by %s, it is left alone for as long as it says, and told in its own words', async (_how, said) => {
    const loginsAt: number[] = []
    let isThrottled = true
    let throttledAt = 0
    const { server, watch, told } = await watchMicrosoft({
      intercept: ({ tag, command, socket }) => {
        if (command.startsWith('AUTHENTICATE')) loginsAt.push(performance.now())
        if (!isThrottled || !command.startsWith('EXAMINE')) return false
        isThrottled = false
        throttledAt = performance.now()
        socket.write(`${said(tag)}\r\n`)
        return true
      },
    })
    server.deliver('Inbox', '<a@b.test>')
    await becomes('offline', () => watch.states.length > 0)
    expect(watch.states).toEqual([
      { kind: 'offline', line: expect.stringContaining('Suggested Backoff Time') },
    ])
    expect(await watch.mail.find({ messageId: '<a@b.test>' }, noSignal)).toMatchObject({
      failure: {
        code: 'mailbox-unreachable',
        detail: { reason: 'limit.bandwidth', line: expect.stringContaining('throttled') },
      },
    })
    await told('<a@b.test>')
    expect(loginsAt).toHaveLength(2)
    expect((loginsAt[1] ?? 0) - throttledAt).toBeGreaterThanOrEqual(backoffMs - 20)
    await becomes('watching', () => watch.states.at(-1)?.kind === 'watching')
    expect(watch.states.map(({ kind }) => kind)).toEqual(['offline', 'watching'])
  })

  test('in the middle of a move nothing is lost or doubled', async () => {
    let isThrottled = true
    const { server, watch, told } = await watchMicrosoft({
      intercept: ({ tag, command, socket }) => {
        if (!isThrottled || !command.startsWith('UID MOVE')) return false
        isThrottled = false
        socket.write(`${tag} BAD Request is throttled. Suggested Backoff Time: 50 milliseconds\r\n`)
        return true
      },
    })
    server.deliver('Junk Email', '<s@b.test>')
    const seen = await told('<s@b.test>')
    expect(await watch.mail.rescue(seen, noSignal)).toMatchObject({
      failure: { code: 'mailbox-unreachable', detail: { reason: 'limit.bandwidth' } },
    })
    await becomes('a later rescue', () => logins(server) > 1)
    expect(await asked(watch.mail).rescue(seen)).toMatchObject({ folder: 'INBOX' })
    expect(server.ids('Inbox')).toEqual(['<s@b.test>'])
    expect(server.ids('Junk Email')).toEqual([])
  })
})
