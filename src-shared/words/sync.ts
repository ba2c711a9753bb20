import type { Conflict, OutboxItem, OwnedFieldName, SyncState, SyncStateCode } from '../model/sync.ts'
import { describeFailure } from './failures.ts'
import { countOf } from './phrases.ts'

/** How the synchronisation stands, in a word or two for the status bar and in a sentence. */
export const syncStateWords: Record<SyncStateCode, { name: string; text: string }> = {
  'not-connected': {
    name: 'Not connected',
    text: 'Nothing is shared with a tenant API. Everything works without one.',
  },
  syncing: { name: 'Syncing', text: 'Changes go out and come in now.' },
  'up-to-date': { name: 'Up to date', text: 'Both sides have the same.' },
  waiting: { name: 'Waiting', text: 'Changes made here go out in a moment.' },
  offline: {
    name: 'Offline',
    text: 'The tenant API could not be reached. You can go on working; changes made here wait and go out by themselves.',
  },
  paused: { name: 'Asked to wait', text: 'The tenant API asked for a pause. It goes on by itself.' },
  'vault-locked': { name: 'Vault locked', text: 'The token is in the vault. Unlock it and it goes on.' },
  'needs-sign-in': {
    name: 'Needs a token',
    text: 'The tenant API does not accept the token any more. Changes wait until there is a new one.',
  },
  refused: { name: 'Refused', text: 'The tenant API does not let this tenant in. Changes wait.' },
}

/** The status bar: the state, and what waits. */
export function syncLine({ state, waiting, progress }: SyncState): string {
  const { name } = syncStateWords[state]
  if (progress !== null && state === 'syncing')
    return `Syncing, ${progress.done.toLocaleString('en')} of ${progress.total.toLocaleString('en')}`
  return waiting > 0 && state !== 'syncing' ? `${name}, ${countOf(waiting, 'change')} waiting` : name
}

/** What a change will do on the server. */
export function outboxTitle({ kind, domainName, address }: OutboxItem): string {
  switch (kind) {
    case 'add':
      return `Add ${domainName}`
    case 'change':
      return `Change tags or daily limit of ${domainName}`
    case 'delete':
      return `Delete ${domainName}`
    case 'register':
      return `Register ${address ?? 'a mailbox'}`
  }
}

/** Why a change has not arrived yet. */
export function outboxReason({ state, failure, tries }: OutboxItem): string {
  if (failure === null) return state === 'sending' ? 'On its way.' : 'Waits for its turn.'
  const { title, cause } = describeFailure(failure)
  const what = [title, cause].filter(Boolean).join(' ')
  return state === 'refused' || tries < 2 ? what : `${what} Tried ${tries} times.`
}

/** What giving up a refused change means. */
export const discardWords: Record<OutboxItem['kind'], string> = {
  add: 'It stays on this machine alone.',
  change: 'What the server has comes back here.',
  delete: 'The domain stays on the list.',
  register: 'The mailbox stays on this machine alone.',
}

export const ownedFieldWords: Record<OwnedFieldName, string> = {
  tags: 'Tags',
  dailyLimit: 'Daily limit of each mailbox',
}

/** What the two sides did not agree on, and how it was settled. */
export function describeConflict({ code, domainName, field }: Conflict): {
  title: string
  settled: string
  undo: string
} {
  switch (code) {
    case 'both-changed':
      return {
        title: `${field === null ? 'A field' : ownedFieldWords[field]} of ${domainName}: changed here and there`,
        settled: 'What stands here was kept.',
        undo: 'Take the other value',
      }
    case 'deleted-there':
      return {
        title: `${domainName}: changed here, deleted there`,
        settled: 'It was taken off the list.',
        undo: 'Bring it back',
      }
    case 'deleted-here':
      return {
        title: `${domainName}: deleted here, changed there`,
        settled: 'It came back with the changes.',
        undo: 'Delete it after all',
      }
  }
}

/** The values of one side, a line each. */
export function ownedLines(fields: Conflict['kept']): string[] {
  if (fields === null) return ['Deleted']
  return [
    ...(fields.tags === undefined ? [] : [fields.tags.length === 0 ? 'No tags' : fields.tags.join(', ')]),
    ...(fields.dailyLimit === undefined ? [] : [`${fields.dailyLimit} a day`]),
  ]
}
