import type { ListResponse } from 'imapflow'
import type { FolderRole } from '../../net/mail-world.ts'

export type MailFolder = {
  readonly path: string
  readonly role: FolderRole
  /** Copies and drafts of the person: what lies there has not arrived. */
  readonly ofSender: boolean
}

export type MailFolders = {
  readonly inbox: MailFolder
  readonly junk: MailFolder | null
  readonly trash: MailFolder | null
  readonly ours: MailFolder | null
  readonly others: readonly MailFolder[]
}

/**
 * What each folder is for, by SPECIAL-USE (RFC 6154) where the server tells, else by the names that the library knows in
 * many languages; ours by its name. Pure.
 */
export function sortFolders(listed: readonly ListResponse[], oursName: string): MailFolders {
  const folders = listed
    .filter(({ flags }) => !flags.has('\\Noselect') && !flags.has('\\NonExistent'))
    .map((folder): MailFolder => {
      const use = folder.specialUse ?? ''
      return {
        path: folder.path,
        role: roleOf(folder, oursName),
        ofSender: use === '\\Sent' || use === '\\Drafts',
      }
    })
  const of = (role: FolderRole) => folders.find(folder => folder.role === role) ?? null
  const inbox: MailFolder = of('inbox') ?? { path: 'INBOX', role: 'inbox', ofSender: false }
  const named = [inbox, of('junk'), of('ours')]
  return {
    inbox,
    junk: of('junk'),
    trash: of('trash'),
    ours: of('ours'),
    others: folders.filter(folder => !named.includes(folder)),
  }
}

function roleOf(folder: ListResponse, oursName: string): FolderRole {
  if (folder.path.toUpperCase() === 'INBOX') return 'inbox'
  const isTop = folder.parentPath === '' || folder.parentPath.toUpperCase() === 'INBOX'
  // First, because a name in another language may look like one of the list below.
  if (isTop && folder.name === oursName) return 'ours'
  return roles[folder.specialUse ?? ''] ?? 'other'
}

const roles: Readonly<Record<string, FolderRole>> = {
  '\\Inbox': 'inbox',
  '\\Junk': 'junk',
  '\\Sent': 'sent',
  '\\Trash': 'trash',
  '\\Archive': 'archive',
  '\\All': 'archive',
}
