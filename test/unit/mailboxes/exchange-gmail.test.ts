import { afterEach, describe, expect, test } from 'vitest'
import { becomes, noSignal } from '../../helpers/mail-access.ts'
import type { KeptEntry } from '../../helpers/provider-box.ts'
import type { ProviderImap } from '../../helpers/provider-imap.ts'
import {
  gmailBox,
  gmailEnglish,
  gmailGerman,
  gmailProfile,
  gmailRussian,
} from '../../helpers/provider-profiles.ts'
import { asked, stopProviders, watchProvider } from '../../helpers/watch-provider.ts'

afterEach(stopProviders)

const hourMs = 60 * 60_000
const watchGmail = (wishes: Parameters<typeof watchProvider>[2] = {}, names = gmailEnglish) =>
  watchProvider(gmailProfile, gmailBox(names), wishes)

const isIdle = ({ lines }: ProviderImap) => lines.some(line => line.endsWith('IDLE'))
function labelsOf({ box }: ProviderImap, { mail }: KeptEntry): string[] {
  const all = box.folders.get(gmailEnglish.all ?? '')
  const entry = all?.entries.find(one => one.mail === mail)
  return all === undefined || entry === undefined ? [] : box.labels(entry, all)
}

describe('watching Gmail', () => {
  test('IDLE tells of the inbox, and spam is looked at', async () => {
    const { server, watch, told } = await watchGmail()
    await becomes('idle', () => isIdle(server))
    server.deliver('INBOX', '<a@b.test>')
    server.deliver('[Gmail]/Spam', '<s@b.test>')
    expect(await told('<a@b.test>')).toMatchObject({ folder: 'INBOX', role: 'inbox', isRead: false })
    expect(await told('<s@b.test>')).toMatchObject({ folder: '[Gmail]/Spam', role: 'junk' })
    expect(watch.seen).toHaveLength(2)
    expect(watch.states).toEqual([{ kind: 'watching', line: null }])
  })

  test.each(['promotions', 'social', 'updates', 'forums'])(
    'what lies in the tab %s is told from what lies before the person',
    async tab => {
      const { server, told } = await watchGmail()
      server.deliver('INBOX', '<tab@b.test>', { tab })
      server.deliver('INBOX', '<first@b.test>')
      expect(await told('<tab@b.test>')).toMatchObject({ folder: 'INBOX', role: 'category' })
      expect(await told('<first@b.test>')).toMatchObject({ folder: 'INBOX', role: 'inbox' })
    },
  )

  test('a message that the search does not know yet counts as being in the inbox', async () => {
    const { server, told } = await watchGmail({ notYetIndexed: () => true })
    server.deliver('INBOX', '<new@b.test>', { tab: 'promotions' })
    expect(await told('<new@b.test>')).toMatchObject({ role: 'inbox' })
  })

  test.each([
    ['German', gmailGerman],
    ['Russian', gmailRussian],
  ])('in %s its folders are known by their use', async (_language, names) => {
    const { server, watch, told } = await watchGmail({}, names)
    server.deliver(names.spam ?? '', '<s@b.test>')
    const seen = await told('<s@b.test>')
    expect(seen).toMatchObject({ folder: names.spam, role: 'junk' })
    expect(await asked(watch.mail).rescue(seen)).toMatchObject({ folder: 'INBOX' })
    expect(server.ids(names.all ?? '')).toEqual(['<s@b.test>'])
  })

  test('a session that has run out is opened again without a word', async () => {
    const { server, watch, told } = await watchGmail({ watchWaits: { roundMs: 60_000 } })
    await becomes('idle', () => isIdle(server))
    server.say('* BYE Session expired, please login again.', true)
    await becomes('another session', () => server.lines.filter(line => line.endsWith('IDLE')).length === 2)
    server.deliver('INBOX', '<a@b.test>')
    await told('<a@b.test>')
    expect(watch.states).toEqual([{ kind: 'watching', line: null }])
  })

  test('too many connections is waited out, with the words of Gmail', async () => {
    let isFull = true
    const { watch } = await watchGmail({
      intercept: ({ tag, command, socket }) => {
        if (!isFull || !command.startsWith('AUTHENTICATE')) return false
        socket.write(`${tag} NO [ALERT] Too many simultaneous connections. (Failure)\r\n`)
        return true
      },
    })
    await becomes('offline', () => watch.states.length > 0)
    expect(watch.states[0]).toMatchObject({
      kind: 'offline',
      line: expect.stringContaining('Too many simultaneous connections'),
    })
    isFull = false
    await becomes('watching', () => watch.states.at(-1)?.kind === 'watching')
  })
})

describe('what is done with a message on Gmail', () => {
  test('a rescue takes it out of spam, and tells where it lies before the search knows', async () => {
    const { server, watch, told } = await watchGmail({ notYetIndexed: () => true })
    server.deliver('INBOX', '<other@b.test>')
    const spam = server.deliver('[Gmail]/Spam', '<s@b.test>')
    const rescued = await asked(watch.mail).rescue(await told('<s@b.test>'))
    expect(rescued).toMatchObject({ folder: 'INBOX', role: 'inbox', messageId: '<s@b.test>' })
    expect(server.ids('[Gmail]/Spam')).toEqual([])
    expect(server.ids('INBOX')).toEqual(['<other@b.test>', '<s@b.test>'])
    expect(labelsOf(server, spam)).toEqual(['\\Inbox'])
    expect(spam.mail.flags.has('$NotJunk')).toBe(true)
  })

  test('important is a label and no flag, and what a person set stays', async () => {
    const { server, watch, told } = await watchGmail()
    const entry = server.deliver('INBOX', '<a@b.test>')
    server.box.label(entry, server.box.folders.get('INBOX') as never, 'Work', true)
    await asked(watch.mail).markRead(await told('<a@b.test>'), true, true)
    expect(labelsOf(server, entry)).toEqual(expect.arrayContaining(['\\Inbox', '\\Important', 'Work']))
    expect([...entry.mail.flags].toSorted()).toEqual(['\\Flagged', '\\Seen'])
    expect(server.ids('[Gmail]/Important')).toEqual(['<a@b.test>'])
  })

  test('not important sets no label', async () => {
    const { server, watch, told } = await watchGmail()
    const entry = server.deliver('INBOX', '<a@b.test>')
    await asked(watch.mail).markRead(await told('<a@b.test>'), false, false)
    expect(labelsOf(server, entry)).toEqual(['\\Inbox'])
    expect([...entry.mail.flags]).toEqual(['\\Seen'])
  })

  test('filed away it bears our label and that of the inbox no more; the message is the same', async () => {
    const { server, watch, told } = await watchGmail()
    const entry = server.deliver('INBOX', '<a@b.test>')
    const seen = await told('<a@b.test>')
    await asked(watch.mail).file(seen)
    expect(labelsOf(server, entry)).toEqual(['Rookery'])
    expect(server.ids('INBOX')).toEqual([])
    expect(server.box.folders.get('Rookery')?.entries[0]?.mail).toBe(entry.mail)
    expect(await asked(watch.mail).find('<a@b.test>')).toMatchObject({ folder: 'Rookery', role: 'ours' })
    expect(await watch.mail.rescue(seen, noSignal)).toMatchObject({ failure: { code: 'message-gone' } })
  })

  test('what a person archived is found in All Mail, and filed from there', async () => {
    const { server, watch, told } = await watchGmail()
    const entry = server.deliver('INBOX', '<a@b.test>')
    await told('<a@b.test>')
    server.box.label(entry, server.box.folders.get('INBOX') as never, '\\Inbox', false)
    const found = await asked(watch.mail).find('<a@b.test>')
    expect(found).toMatchObject({ folder: '[Gmail]/All Mail', role: 'archive' })
    if (found !== null) await asked(watch.mail).file(found)
    expect(labelsOf(server, entry)).toEqual(['Rookery'])
  })

  test.each([
    ['the bin', gmailEnglish],
    ['a bin that is hidden from IMAP', { ...gmailEnglish, trash: null }],
  ])('tidied away it goes into %s, and is not left in All Mail', async (_where, names) => {
    const { server, watch, told } = await watchGmail({}, names)
    const at = Date.now() - hourMs
    server.deliver('INBOX', '<old@b.test>', { receivedAt: at })
    server.deliver('INBOX', '<theirs@b.test>', { receivedAt: at })
    server.deliver('INBOX', '<new@b.test>')
    for (const id of ['<old@b.test>', '<theirs@b.test>', '<new@b.test>'])
      await asked(watch.mail).file(await told(id))
    expect(
      await asked(watch.mail).tidy(Date.now() - hourMs / 2, seen => seen.messageId !== '<theirs@b.test>'),
    ).toBe(1)
    expect(server.ids('Rookery')).toEqual(['<theirs@b.test>', '<new@b.test>'])
    expect(server.ids('[Gmail]/All Mail')).toEqual(['<theirs@b.test>', '<new@b.test>'])
    if (names.trash !== null) expect(server.ids(names.trash)).toEqual(['<old@b.test>'])
  })

  test('its own conversation in the inbox is not touched by any of it', async () => {
    const { server, watch, told } = await watchGmail()
    server.deliver('INBOX', '<theirs@b.test>')
    server.deliver('INBOX', '<ours@b.test>')
    const ours = await told('<ours@b.test>')
    await asked(watch.mail).markRead(ours, true, true)
    await asked(watch.mail).file(ours)
    await asked(watch.mail).tidy(Date.now() + hourMs)
    const [theirs] = server.box.folders.get('INBOX')?.entries ?? []
    expect(server.ids('INBOX')).toEqual(['<theirs@b.test>'])
    expect([...(theirs?.mail.flags ?? [])]).toEqual([])
  })
})
