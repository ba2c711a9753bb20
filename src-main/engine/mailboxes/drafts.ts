import { randomUUID } from 'node:crypto'
import { fail, ok, type Result } from '#shared/failure.ts'
import type { MailboxConnection, MailboxTest } from '#shared/model/mailbox.ts'
import { limits } from '../net/limits.ts'
import type { MailboxAddress } from './address.ts'
import { draftSecret } from './credentials.ts'

/** What a run tested: the settings as they were, how it ended, and where its password waits sealed. */
export type Draft = {
  readonly test: string
  /** The mailbox whose settings it would change; null for a new one. */
  readonly mailboxId: string | null
  readonly address: MailboxAddress
  readonly connection: MailboxConnection
  /** Whether a password was typed for it; else the kept one holds. */
  readonly hasPassword: boolean
  readonly testEmail: boolean
  readonly madeAt: number
  /** Null until it has ended well enough to be saved; a run that failed is not kept. */
  ended: MailboxTest | null
}

export type Drafts = {
  open(draft: Omit<Draft, 'test' | 'madeAt' | 'ended'> & { test: string }): Draft
  /** The run, when it ended well enough to be saved: `mailbox-not-tested` else. */
  saveable(test: string): Result<Draft & { ended: MailboxTest }, 'mailbox-not-tested'>
  close(test: string): void
}

export const newTestId = () => randomUUID()

/**
 * The runs that may still be saved. They are kept in memory alone, so that only what this engine tested itself counts;
 * the oldest goes when there are too many, and each after `limits.mailboxDraftMs`, with its sealed password.
 */
export function createDrafts({ now, forget }: { now: () => number; forget: (name: string) => void }): Drafts {
  const drafts = new Map<string, Draft>()
  const close = (test: string) => {
    const draft = drafts.get(test)
    drafts.delete(test)
    if (draft?.hasPassword) forget(draftSecret(test))
  }
  const tidy = () => {
    for (const draft of drafts.values()) {
      if (draft.madeAt <= now() - limits.mailboxDraftMs || drafts.size > limits.mailboxDrafts)
        close(draft.test)
    }
  }
  return {
    open: draft => {
      const opened: Draft = { ...draft, madeAt: now(), ended: null }
      drafts.set(draft.test, opened)
      tidy()
      return opened
    },
    saveable: test => {
      tidy()
      const draft = drafts.get(test)
      if (draft === undefined || draft.ended === null) return fail('mailbox-not-tested')
      return ok({ ...draft, ended: draft.ended })
    },
    close,
  }
}
