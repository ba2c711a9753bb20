import type {
  Conflict,
  ConflictCode,
  OutboxItem,
  OutboxKind,
  OwnedFieldName,
  SyncEvent,
  SyncState,
  SyncStateCode,
} from '../model/sync.ts'
import { describeFailure } from './failures.ts'
import { clip, countOf, listOf } from './phrases.ts'

const number = new Intl.NumberFormat('en')

/** The state in a word or two, and what it means. */
export const syncStateWords: Record<SyncStateCode, { readonly name: string; readonly gloss: string }> = {
  'not-connected': {
    name: 'Not connected',
    gloss: 'Everything stays on this machine. That is fine: nothing here needs a server.',
  },
  syncing: { name: 'Syncing', gloss: 'Changes are sent, and what is new on the server is fetched.' },
  'up-to-date': { name: 'Up to date', gloss: 'Both sides have the same.' },
  waiting: { name: 'Waiting', gloss: 'Changes go out together in a moment.' },
  offline: {
    name: 'Offline',
    gloss: 'The server was not reached. Changes wait here and go out by themselves.',
  },
  paused: { name: 'Paused', gloss: 'The server asked to wait. It goes on by itself.' },
  'vault-locked': { name: 'Vault locked', gloss: 'The token is in the vault. Unlock it to go on.' },
  'needs-sign-in': { name: 'Token not accepted', gloss: 'Enter a new token. Changes wait here until then.' },
  refused: { name: 'Refused', gloss: 'The server, or the way to it, does not allow this.' },
}

/** One short line for the frame: the state, and how much it is about. */
export function syncLine({ state, waiting, refused, progress }: SyncState): string {
  const { name } = syncStateWords[state]
  if (state === 'not-connected') return name
  if (progress !== null && (state === 'syncing' || state === 'paused'))
    return `${name}, ${outOf(progress.done, progress.total)}`
  if (waiting > 0 && state !== 'syncing') {
    const changes = waiting === 1 ? '1 change' : `${number.format(waiting)} changes`
    return `${name}, ${changes}`
  }
  return state === 'up-to-date' && refused > 0 ? `${name}, ${number.format(refused)} refused` : name
}

/** Why it does not go on, and what to do; null while it does, whatever stood in its way before. */
export function syncTrouble({ state, failure }: Pick<SyncState, 'state' | 'failure'>) {
  return failure === null || state === 'syncing' || state === 'up-to-date' ? null : describeFailure(failure)
}

/** How it stands in a sentence, and what to do; the server's own reason where it gave one. */
export function describeSync(sync: SyncState): { title: string; text: string } {
  const { name, gloss } = syncStateWords[sync.state]
  const trouble = syncTrouble(sync)
  return trouble === null ? { title: `${name}.`, text: gloss } : { title: trouble.title, text: trouble.next }
}

function outOf(done: number, total: number): string {
  return `${number.format(done)} of ${number.format(total)}`
}

/** What a round does, as it goes. */
export function syncEventLine(event: SyncEvent): string {
  switch (event.kind) {
    case 'sending':
      return `Sending, ${outOf(event.done, event.total)}.`
    case 'fetching':
      return 'Asking what is new on the server.'
    case 'taking-in':
      return `Taking in, ${outOf(event.done, event.total)}.`
  }
}

const kindWords: Record<OutboxKind, (about: string) => string> = {
  add: about => `Add ${about}`,
  change: about => `Change ${about}`,
  delete: about => `Delete ${about}`,
  register: about => `Tell the state of ${about}`,
}

/** What a change in the outbox is about: "Delete example.com". */
export function outboxTitle({
  kind,
  domainName,
  address,
}: Pick<OutboxItem, 'kind' | 'domainName' | 'address'>) {
  return kindWords[kind](address ?? domainName)
}

const outboxStateWords: Record<OutboxItem['state'], { readonly name: string; readonly gloss: string }> = {
  waiting: { name: 'Waiting', gloss: 'Goes out with the next synchronisation.' },
  sending: {
    name: 'Sending',
    gloss:
      'Sent, or about to be. Until the server answers, nobody knows whether it arrived; it is never done twice.',
  },
  refused: { name: 'Refused', gloss: 'The server does not take it. Try it again, or give it up.' },
}

/** What giving up a refused change does. */
export const discardWords: Record<OutboxKind, string> = {
  add: 'The domain stays here alone.',
  change: 'The domain gets back what the server has.',
  delete: 'The domain stays, here and on the server.',
  register: 'The server is not told of this mailbox until it changes again.',
}

const fieldWords: Record<OwnedFieldName, string> = { tags: 'tags', dailyLimit: 'daily limit' }

function valueText(value: NonNullable<Conflict['kept']>, field: OwnedFieldName): string {
  if (field === 'dailyLimit')
    return value.dailyLimit === undefined ? 'none' : countOf(value.dailyLimit, 'message')
  const tags = value.tags ?? []
  return tags.length === 0 ? 'none' : listOf(tags, 5)
}

type ConflictWords = {
  readonly title: (conflict: Conflict) => string
  /** How it was settled. */
  readonly settled: (conflict: Conflict) => string
  /** What undoing it does; for its button. */
  readonly undo: (conflict: Conflict) => string
}

const conflictWords: Record<ConflictCode, ConflictWords> = {
  'both-changed': {
    title: ({ field }) => `The ${fieldWords[field ?? 'tags']} changed here and on the server.`,
    settled: ({ field, kept, other }) => {
      const of = field ?? 'tags'
      return `Yours was kept: ${valueText(kept ?? {}, of)}. The server had: ${valueText(other ?? {}, of)}.`
    },
    undo: ({ field, other }) => `Use ${clip(valueText(other ?? {}, field ?? 'tags'), 60)} instead`,
  },
  'deleted-there': {
    title: () => 'It was deleted on the server while you changed it here.',
    settled: () => 'It went from the list. Its mailboxes stayed.',
    undo: () => 'Add it again with your changes',
  },
  'deleted-here': {
    title: () => 'You deleted it here while somebody changed it on the server.',
    settled: () => 'It came back as it is on the server.',
    undo: () => 'Delete it after all',
  },
}

/** The sentences for one conflict: what happened, how it was settled, what undoing it does. */
export function describeConflict(conflict: Conflict): { title: string; settled: string; undo: string } {
  const { title, settled, undo } = conflictWords[conflict.code]
  return { title: title(conflict), settled: settled(conflict), undo: undo(conflict) }
}

export const conflictStateWords: Record<Conflict['state'], string> = {
  open: 'Open',
  accepted: 'Left as settled',
  undone: 'Undone',
}

/** Beside the choice to give a mailbox's credentials away. */
export const credentialChoice = {
  title: 'Give the tenant API the servers and the password of this mailbox',
  text: 'Not needed for anything Rookery does. Whoever runs the server can then read and send mail with this mailbox, and taking the choice back does not take the password back.',
} as const

/** Why a change has not arrived yet. */
export function outboxReason({ state, failure, tries }: OutboxItem): string {
  if (failure === null) return outboxStateWords[state].gloss
  const { title, cause } = describeFailure(failure)
  const what = [title, cause].filter(Boolean).join(' ')
  return state === 'refused' || tries < 2 ? what : `${what} Tried ${tries} times.`
}

/** The values of one side of a conflict, a line each. */
export function ownedLines(fields: Conflict['kept']): string[] {
  if (fields === null) return ['Deleted']
  return [
    ...(fields.tags === undefined ? [] : [fields.tags.length === 0 ? 'No tags' : fields.tags.join(', ')]),
    ...(fields.dailyLimit === undefined ? [] : [`${countOf(fields.dailyLimit, 'message')} a day`]),
  ]
}
