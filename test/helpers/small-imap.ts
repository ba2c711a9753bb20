import { createServer, type Socket } from 'node:net'
import { eachLine } from './each-line.ts'

export type SmallMessage = { readonly uid: number; readonly head: string; readonly flags: Set<string> }

export type SmallFolder = {
  uidValidity: number
  uidNext: number
  messages: SmallMessage[]
  /** More messages than are listed, for a folder too large to be made. */
  extra?: number
  readonly use?: string
}

export type SmallImap = {
  readonly port: number
  readonly folders: Map<string, SmallFolder>
  /** Every line a client sent. */
  readonly lines: string[]
  /** Puts a message into a folder; clients in IDLE are told unless the server lies. */
  deliver(
    folder: string,
    messageId: string,
    more?: { readonly headers?: string; readonly tell?: boolean },
  ): number
  open(): number
  close(): Promise<void>
}

export type SmallImapWishes = {
  /** After the login; IDLE, MOVE and UIDPLUS are what a healthy server has. */
  readonly capabilities?: string
  /** Does something in place of the answer; true when it did. */
  intercept?(call: { tag: string; command: string; socket: Socket; folder: string | null }): boolean
}

/** An IMAP server of a few folders in memory on 127.0.0.1: healthy, but for what a test wishes. */
export async function startSmallImap(wishes: SmallImapWishes = {}): Promise<SmallImap> {
  const folders = new Map<string, SmallFolder>([
    ['INBOX', { uidValidity: 1, uidNext: 1, messages: [] }],
    ['Junk', { uidValidity: 2, uidNext: 1, messages: [], use: '\\Junk' }],
  ])
  const lines: string[] = []
  const clients = new Set<{ socket: Socket; selected: string | null; idleTag: string | null }>()
  const capabilities = `IMAP4rev1 SASL-IR AUTH=PLAIN SPECIAL-USE ${wishes.capabilities ?? 'IDLE MOVE UIDPLUS'}`
  const folderOf = (name: string | null) => folders.get(name ?? '')
  const total = (folder: SmallFolder) => folder.messages.length + (folder.extra ?? 0)

  const answer = (
    client: { socket: Socket; selected: string | null; idleTag: string | null },
    line: string,
  ) => {
    const { socket } = client
    const say = (text: string) => void (socket.writable && socket.write(`${text}\r\n`))
    if (line === 'DONE') {
      if (client.idleTag !== null) say(`${client.idleTag} OK done`)
      client.idleTag = null
      return
    }
    const [tag = '', ...words] = line.split(' ')
    const command = words.join(' ')
    if (wishes.intercept?.({ tag, command, socket, folder: client.selected })) return
    const upper = command.toUpperCase()
    const done = (...untagged: string[]) => say([...untagged, `${tag} OK done`].join('\r\n'))
    const opened = /^(SELECT|EXAMINE) "?([^"]+)"?$/i.exec(command)
    if (upper === 'CAPABILITY') return done(`* CAPABILITY ${capabilities}`)
    if (upper.startsWith('AUTHENTICATE')) return say(`${tag} OK [CAPABILITY ${capabilities}] in`)
    if (upper.startsWith('LIST "" ""')) return done('* LIST (\\Noselect) "/" ""')
    if (upper.startsWith('LIST')) {
      return done(...[...folders].map(([name, { use = '' }]) => `* LIST (${use}) "/" "${name}"`))
    }
    if (opened) {
      const folder = folderOf(opened[2] ?? '')
      if (folder === undefined) return say(`${tag} NO no such folder`)
      client.selected = opened[2] ?? null
      return done(
        '* FLAGS (\\Seen \\Flagged \\Deleted $NotJunk)',
        '* OK [PERMANENTFLAGS (\\Seen \\Flagged \\Deleted \\*)] x',
        `* ${total(folder)} EXISTS`,
        `* OK [UIDVALIDITY ${folder.uidValidity}] x`,
        `* OK [UIDNEXT ${folder.uidNext}] x`,
      )
    }
    if (upper === 'IDLE') {
      client.idleTag = tag
      return say('+ idling')
    }
    if (upper === 'LOGOUT') {
      say(`* BYE bye\r\n${tag} OK bye`)
      return void socket.end()
    }
    const folder = folderOf(client.selected)
    const created = /^CREATE "?([^"]+)"?/i.exec(command)?.[1]
    if (created !== undefined) {
      folders.set(created, { uidValidity: 9, uidNext: 1, messages: [] })
      return done()
    }
    if (folder === undefined) return done()
    const byUid = /^UID (FETCH|SEARCH|STORE|MOVE|COPY|EXPUNGE) (\S+) ?(.*)$/i.exec(command)
    const fetch = /^(?:UID )?FETCH (\S+) /i.exec(command)
    if (fetch) {
      const isUid = byUid !== null
      const chosen = folder.messages.filter(({ uid }, index) =>
        isIn(
          fetch[1] ?? '',
          isUid ? uid : index + 1 + (folder.extra ?? 0),
          isUid ? folder.uidNext - 1 : total(folder),
        ),
      )
      return done(...chosen.map(one => fetched(folder, one, /HEADER/i.test(command))))
    }
    if (byUid?.[1]?.toUpperCase() === 'SEARCH') {
      const id = /HEADER MESSAGE-ID "?([^"]+)"?/i.exec(command)?.[1]
      const range = /UID (\d\S*)/i.exec(command.slice(4))?.[1]
      const isDeleted = /\bDELETED\b/i.test(command)
      const uids = folder.messages
        .filter(({ head }) => id === undefined || head.includes(id))
        .filter(({ uid }) => range === undefined || isIn(range, uid, folder.uidNext - 1))
        .filter(({ flags }) => !isDeleted || flags.has('\\Deleted'))
      return done(`* SEARCH ${uids.map(({ uid }) => uid).join(' ')}`.trim())
    }
    if (byUid) {
      const [, what = '', range = '', rest = ''] = byUid
      const chosen = folder.messages.filter(({ uid }) => isIn(range, uid, folder.uidNext - 1))
      const kind = what.toUpperCase()
      if (kind === 'STORE') {
        const flags = (/\(([^)]*)\)/.exec(rest)?.[1] ?? '').split(' ')
        for (const message of chosen)
          for (const flag of flags)
            if (rest.startsWith('-')) message.flags.delete(flag)
            else message.flags.add(flag)
        return done()
      }
      const remove = () => {
        folder.messages = folder.messages.filter(one => !chosen.includes(one))
      }
      if (kind === 'EXPUNGE') {
        folder.messages = folder.messages.filter(one => !(chosen.includes(one) && one.flags.has('\\Deleted')))
        return done()
      }
      const target = folderOf(rest.replaceAll('"', ''))
      if (target === undefined) return say(`${tag} NO [TRYCREATE] no such folder`)
      for (const { head, flags } of chosen)
        target.messages.push({ uid: target.uidNext++, head, flags: new Set(flags) })
      if (kind === 'MOVE') remove()
      return done()
    }
    if (upper === 'EXPUNGE') folder.messages = folder.messages.filter(({ flags }) => !flags.has('\\Deleted'))
    done()
  }

  const server = createServer(socket => {
    const client = { socket, selected: null as string | null, idleTag: null as string | null }
    clients.add(client)
    socket.on('close', () => clients.delete(client))
    socket.on('error', () => socket.destroy())
    const reader = eachLine(line => {
      lines.push(line)
      answer(client, line)
    })
    socket.on('data', reader.take)
    socket.write(`* OK [CAPABILITY ${capabilities}] ready\r\n`)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    folders,
    lines,
    deliver: (name, messageId, { headers = '', tell = true } = {}) => {
      const folder = folderOf(name)
      if (folder === undefined) throw new Error(`no folder ${name}`)
      const uid = folder.uidNext++
      const head = `Message-ID: ${messageId}\r\nSubject: x\r\n${headers}\r\n`
      folder.messages.push({ uid, head, flags: new Set() })
      for (const { socket, selected, idleTag } of clients)
        if (tell && idleTag !== null && selected === name) socket.write(`* ${total(folder)} EXISTS\r\n`)
      return uid
    },
    open: () => clients.size,
    close: async () => {
      for (const { socket } of clients) socket.destroy()
      await new Promise<void>(resolve => server.close(() => resolve()))
    },
  }
}

function fetched(folder: SmallFolder, { uid, head, flags }: SmallMessage, withHead: boolean): string {
  const seq = folder.messages.findIndex(one => one.uid === uid) + 1 + (folder.extra ?? 0)
  const date = 'INTERNALDATE "22-Nov-2026 09:00:00 +0000"'
  const part = withHead ? ` BODY[HEADER]<0> {${Buffer.byteLength(head)}}\r\n${head}` : ''
  return `* ${seq} FETCH (UID ${uid} FLAGS (${[...flags].join(' ')}) ${date} RFC822.SIZE 700${part})`
}

function isIn(range: string, value: number, last: number): boolean {
  return range.split(',').some(part => {
    const [from = 0, to = from] = part.split(':').map(end => (end === '*' ? last : Number(end)))
    return value >= Math.min(from, to) && value <= Math.max(from, to)
  })
}
