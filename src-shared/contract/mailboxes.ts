import { eventIterator, oc } from '@orpc/contract'
import { z } from 'zod'
import { mailServerSchema, pinsShape } from '../model/connection.ts'
import { discoveryEventSchema, discoverySchema } from '../model/discovery.ts'
import { dailyLimitSchema } from '../model/domain.ts'
import {
  bulkTestEventSchema,
  bulkTestOutcomeSchema,
  mailboxDetailsSchema,
  mailboxSchema,
  testEventSchema,
  testOutcomeSchema,
  timeZoneSchema,
} from '../model/mailbox.ts'
import { importEventSchema, importOutcomeSchema, importPreviewSchema } from '../model/mailbox-import.ts'
import { oauthProviderIdSchema } from '../model/oauth.ts'
import { nothing, resultOf } from '../model/result.ts'

const id = z.string().max(64)
const ids = z.array(id).min(1).max(10_000)
const address = z.string().max(2_000)
const secret = z.string().min(1).max(1_000)

/** How to log in. A password goes straight to the vault and is never read back; a sign-in is there already. */
const login = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('password'), password: secret, imapPassword: secret.nullable().default(null) }),
  z.object({ kind: z.literal('oauth'), provider: oauthProviderIdSchema }),
])

const connection = z.object({
  smtp: mailServerSchema,
  imap: mailServerSchema.nullable(),
  allowPlain: z.boolean(),
  ...pinsShape,
  provider: z.object({ id: z.string().max(100), name: z.string().max(200) }).nullable(),
})

const preferences = z.object({
  senderName: z.string().trim().max(200),
  signature: z.string().max(10_000),
  timeZone: timeZoneSchema,
  /** Null: that of the domain. */
  dailyLimit: dailyLimitSchema.nullable(),
})

const mailbox = resultOf(mailboxSchema)
const changed = resultOf(z.object({ changed: z.array(z.string()) }))

/** The rows come with the change feed (table `mailboxes`). No answer here ever holds a password or a token. */
export const mailboxes = {
  /** Finds the servers of an address, told source by source. Nothing is logged in to, and nothing is stored. */
  discover: oc
    .input(z.object({ address }))
    .output(eventIterator(discoveryEventSchema, resultOf(discoverySchema))),

  /**
   * Tests a connection phase by phase. `draft`: a mailbox that is not on the list yet; what is typed is sealed first, and
   * `add` with the run's id saves it. `saved`: one on the list, and what comes of it is kept. `change`: one on the list with
   * other servers or another credential; `update` with the run's id puts them in place.
   */
  test: oc
    .input(
      z.discriminatedUnion('kind', [
        connection.extend({ kind: z.literal('draft'), address, login, testEmail: z.boolean() }),
        z.object({ kind: z.literal('saved'), id, testEmail: z.boolean() }),
        connection.extend({ kind: z.literal('change'), id, login: login.nullable(), testEmail: z.boolean() }),
      ]),
    )
    .output(eventIterator(testEventSchema, resultOf(testOutcomeSchema))),

  /**
   * Saves what a run tested: Active when everything passed, Not fully tested when something was left out. A run that failed,
   * or that is not known any more, saves nothing. With `addDomain` its domain is put on the list too, when it is not there.
   */
  add: oc.input(preferences.extend({ test: id, addDomain: z.boolean() })).output(mailbox),

  /** Changes what is given; with `test` also the servers and the credential, to those that the run tested. */
  update: oc.input(z.object({ id, change: preferences.partial(), test: id.nullable() })).output(mailbox),

  pause: oc.input(z.object({ ids })).output(changed),
  resume: oc.input(z.object({ ids })).output(changed),
  disable: oc.input(z.object({ ids })).output(changed),
  enable: oc.input(z.object({ ids })).output(changed),

  /** Takes mailboxes off the list. `restore` brings them back for seven days; then their credentials are forgotten. */
  remove: oc.input(z.object({ ids })).output(resultOf(z.object({ removed: z.array(z.string()) }))),
  restore: oc.input(z.object({ ids })).output(resultOf(z.object({ restored: z.array(z.string()) }))),

  /** What the details show beside the row: signature, last test, events. */
  details: oc.input(z.object({ id })).output(resultOf(mailboxDetailsSchema)),

  /** Tests many, a few at a time for each server, and keeps what comes of each. Leaving the call stops the rest. */
  testMany: oc
    .input(z.object({ ids, testEmail: z.boolean() }))
    .output(eventIterator(bulkTestEventSchema, resultOf(bulkTestOutcomeSchema))),

  /** Reads a list of mailboxes. Its passwords are sealed at once; the answer holds none. */
  readList: oc.input(z.object({ text: z.string().max(6_000_000) })).output(resultOf(importPreviewSchema)),

  /** Adds the good rows of a list that was read: all of them, or none when something fails. */
  addList: oc
    .input(z.object({ list: id, timeZone: timeZoneSchema, addDomains: z.boolean() }))
    .output(eventIterator(importEventSchema, resultOf(importOutcomeSchema))),

  /** Forgets a list that was read, with its passwords. */
  dropList: oc.input(z.object({ list: id })).output(resultOf(nothing)),
}
