import { afterEach, describe, expect, test } from 'vitest'
import { becomes, noSignal } from '../../helpers/mail-access.ts'
import type { ProviderImap } from '../../helpers/provider-imap.ts'
import { minimalBox, minimalProfile } from '../../helpers/provider-profiles.ts'
import { valueOf } from '../../helpers/engine.ts'
import { asked, stopProviders, watchProvider } from '../../helpers/watch-provider.ts'

afterEach(stopProviders)

const watchMinimal = (wishes: Parameters<typeof watchProvider>[2] = {}) =>
  watchProvider(minimalProfile, minimalBox(), wishes)

/** A person marks a message as deleted, for a program that takes such away some other day. */
function markDeleted({ box }: ProviderImap, path: string, uid: number): void {
  const entry = box.folders.get(path)?.entries.find(one => one.uid === uid)
  if (entry) entry.isDeleted = true
}
const sent = ({ lines }: ProviderImap, command: RegExp) => lines.filter(line => command.test(line))

describe('a server that has nothing but RFC 3501', () => {
  test('is looked at now and then, its folders known by their names, and is asked for nothing it has not', async () => {
    const { server, watch, told } = await watchMinimal()
    server.deliver('INBOX', '<a@b.test>')
    server.deliver('Junk', '<s@b.test>')
    expect(await told('<a@b.test>')).toMatchObject({ folder: 'INBOX', role: 'inbox' })
    const spam = await told('<s@b.test>')
    expect(spam).toMatchObject({ folder: 'Junk', role: 'junk' })
    expect(watch.states).toEqual([{ kind: 'polling', line: null }])
    const { markRead, rescue, file, tidy } = asked(watch.mail)
    const rescued = await rescue(spam)
    expect(rescued).toMatchObject({ folder: 'INBOX', role: 'inbox' })
    if (rescued === null) return
    await markRead(rescued, true, true)
    await file(rescued)
    expect(await tidy(Date.now() + 60_000)).toBe(1)
    expect(server.ids('INBOX')).toEqual(['<a@b.test>'])
    expect(server.ids('Rookery')).toEqual([])
    expect(sent(server, /IDLE|MOVE|UID EXPUNGE|ID \(|NAMESPACE|RETURN|X-GM|ENABLE/i)).toEqual([])
  })

  test('finds what has another Message-ID by the header it carries, and nothing that only speaks of it', async () => {
    const { server, watch, told } = await watchMinimal()
    server.deliver('INBOX', '<answer@b.test>', { headers: 'X-Mark: def abc\r\n' })
    server.deliver('Junk', '<renamed@provider.test>', { headers: 'X-Mark: abc\r\n' })
    await told('<answer@b.test>')
    const marks = [{ header: 'x-mark', value: 'abc' }]
    expect(valueOf(await watch.mail.find({ messageId: '<abc@b.test>', marks }, noSignal))).toMatchObject({
      folder: 'Junk',
      messageId: '<renamed@provider.test>',
    })
    expect(await asked(watch.mail).find('<abc@b.test>')).toBeNull()
  })

  test('what a person marked as deleted in the inbox is never taken away with ours', async () => {
    const { server, watch, told } = await watchMinimal()
    server.deliver('INBOX', '<theirs@b.test>')
    server.deliver('INBOX', '<ours@b.test>')
    const ours = await told('<ours@b.test>')
    markDeleted(server, 'INBOX', 1)
    await asked(watch.mail).file(ours)
    expect(server.ids('Rookery')).toEqual(['<ours@b.test>'])
    expect(server.ids('INBOX')).toContain('<theirs@b.test>')
    expect(sent(server, /EXPUNGE/)).toEqual([])
    // What stays behind does not count as lying there.
    expect(await asked(watch.mail).find('<ours@b.test>')).toMatchObject({ folder: 'Rookery', role: 'ours' })
  })

  test('nor in our own folder when it is tidied', async () => {
    const { server, watch, told } = await watchMinimal()
    for (const id of ['<one@b.test>', '<two@b.test>']) {
      server.deliver('INBOX', id)
      await asked(watch.mail).file(await told(id))
    }
    markDeleted(server, 'Rookery', 2)
    await asked(watch.mail).tidy(Date.now() + 60_000, seen => seen.messageId === '<one@b.test>')
    expect(server.ids('Rookery')).toContain('<two@b.test>')
  })

  test('one that a person marked between our look and our command is found out before anything goes', async () => {
    let isMarked = false
    const { server, watch, told } = await watchMinimal({
      intercept: ({ command, folder }) => {
        // The last moment at which the server can still be asked what is marked.
        if (folder === 'INBOX' && /STORE .*Deleted/.test(command) && !isMarked) {
          isMarked = true
          markDeleted(server, 'INBOX', 1)
        }
        return false
      },
    })
    server.deliver('INBOX', '<theirs@b.test>')
    server.deliver('INBOX', '<ours@b.test>')
    await asked(watch.mail).file(await told('<ours@b.test>'))
    expect(isMarked).toBe(true)
    expect(server.ids('INBOX')).toContain('<theirs@b.test>')
    expect(server.ids('Rookery')).toEqual(['<ours@b.test>'])
  })

  test('a move that breaks off after the copy is gone through to its end, without a second copy', async () => {
    let isBroken = true
    const { server, watch, told } = await watchMinimal({
      intercept: ({ command, socket }) => {
        if (!isBroken || !/STORE .*Deleted/.test(command)) return false
        isBroken = false
        socket.destroy()
        return true
      },
    })
    server.deliver('INBOX', '<a@b.test>')
    const seen = await told('<a@b.test>')
    await expect(asked(watch.mail).file(seen)).rejects.toThrow('mailbox-unreachable')
    expect(server.ids('Rookery')).toEqual(['<a@b.test>'])
    await becomes('polling again', () => watch.states.at(-1)?.kind === 'polling')
    await asked(watch.mail).file(seen)
    expect(server.ids('Rookery')).toEqual(['<a@b.test>'])
    expect(server.ids('INBOX')).toEqual([])
  })
})
