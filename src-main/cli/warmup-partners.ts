import type { InProcessClient } from '#engine/in-process.ts'
import type { Failure } from '#shared/failure.ts'
import type { Partner } from '#shared/model/partner.ts'
import type { WarmupRow } from '#shared/model/warmup-view.ts'
import { failureLine } from '#shared/words/failures.ts'
import {
  partnerSentence,
  partnerStateWords,
  partnerTextProblemSentence,
  partnerTextWords,
  takesSentence,
} from '#shared/words/partners.ts'
import { countOf } from '#shared/words/phrases.ts'
import { exitCodes } from './exit-code.ts'
import { onDataFolder } from './on-data-folder.ts'
import { openOutputs } from './output.ts'
import { jsonLine, printable } from './printable.ts'
import { readLines } from './read-lines.ts'
import { readText } from './read-text.ts'
import { rowsOfTable } from './rows-of-table.ts'
import type { ChangeFlags, OfferFlags, PartnersFlags, PartnersVerb } from './warmup-partners-command.ts'

/** What a verb came to: what is printed, and the exit code. */
type Done = { readonly code: number; readonly text: string; readonly json: unknown }
type Refused = { readonly refused: string }

/**
 * Runs `rookery warmup partners` or a verb of agreements on a data folder that no other process uses, and returns the exit
 * code. Nothing is sent: texts are printed, for the person to hand over.
 */
export async function runPartnersVerb(
  options: PartnersFlags & { readonly verb: PartnersVerb; readonly build: string },
): Promise<number> {
  const { verb, json = false } = options
  const outputs = openOutputs()
  const { refuse } = outputs
  if (options.passphraseStdin && verb.kind === 'accept' && verb.file === '-') {
    return refuse('Standard input cannot hold both the passphrase and the text. Give the text as a file.')
  }
  const [passphrase = null] = options.passphraseStdin ? await readLines(process.stdin, 1) : []
  if (options.passphraseStdin && passphrase === null) return refuse('No passphrase was given.')
  const read = verb.kind === 'accept' ? await readText(verb.file, process.stdin) : null
  if (read !== null && !read.ok) return refuse(`The text was not read: ${read.why}.`)
  return onDataFolder(
    { ...options, passphrase },
    async ({ client, print }) => {
      const done = await perform(client, verb, read?.ok === true ? read.text : '')
      if ('refused' in done) return refuse(done.refused)
      await print(json ? jsonLine(done.json) : done.text)
      return done.code
    },
    outputs,
  )
}

const failed = (failure: Failure): Refused => ({ refused: failureLine(failure) })

/** `why` is said where the agreement stands otherwise than the verb needs it. */
const failedAsItStands = (failure: Failure, why: string): Refused =>
  failure.code === 'invalid-input' ? { refused: why } : failed(failure)

async function perform(client: InProcessClient, verb: PartnersVerb, text: string): Promise<Done | Refused> {
  switch (verb.kind) {
    case 'list': {
      const partners = await rowsOfTable(client, 'partners')
      return { code: exitCodes.clean, text: report(partners), json: { partners } }
    }
    case 'invite': {
      const offer = await offered(client, verb.offer)
      if ('refused' in offer) return offer
      const made = await client.partners.invite({ ...offer, days: verb.days })
      if (!made.ok) return failed(made.failure)
      return { code: exitCodes.clean, text: made.value.text, json: made.value }
    }
    case 'accept':
      return accept(client, verb.offer, text)
    default: {
      const partner = await oneNamed(client, verb.partner)
      return 'refused' in partner ? partner : withPartner(client, verb, partner)
    }
  }
}

async function oneNamed(client: InProcessClient, named: string): Promise<Partner | Refused> {
  const key = named.toLowerCase()
  const partners = await rowsOfTable(client, 'partners')
  const found = partners.filter(
    ({ id, name, state }) => id === key || (name.toLowerCase() === key && state !== 'ended'),
  )
  const [partner] = found
  return partner === undefined || found.length > 1
    ? { refused: 'No one partner has this name or id. rookery warmup partners lists them.' }
    : partner
}

async function withPartner(
  client: InProcessClient,
  verb: Extract<PartnersVerb, { partner: string }>,
  partner: Partner,
): Promise<Done | Refused> {
  const { id } = partner
  const code = exitCodes.clean
  switch (verb.kind) {
    case 'confirm': {
      const confirmed = await client.partners.confirm({ id })
      if (!confirmed.ok)
        return failedAsItStands(confirmed.failure, 'There is no check number of this partner to confirm.')
      return { code, text: 'Agreed. Mail may go.\n', json: { id } }
    }
    case 'change':
      return change(client, verb.to, partner)
    case 'go-on': {
      const gone = await client.partners.goOn({ id })
      if (!gone.ok)
        return failedAsItStands(gone.failure, 'This partner is not silent: nothing is held back from them.')
      return { code, text: 'Mail may go again.\n', json: { id } }
    }
    case 'revoke': {
      const ended = await client.partners.revoke({ id })
      if (!ended.ok) return failedAsItStands(ended.failure, 'This agreement has ended already.')
      const text = ended.value.text ?? 'Taken back. Nobody has to be told.\n'
      return { code, text, json: { id, ...ended.value } }
    }
  }
}

/** What no flag names stays, but for mailboxes that warm up no more. */
async function change(
  client: InProcessClient,
  { mailbox, perDay }: ChangeFlags,
  { id, ours, ourPerDay }: Partner,
): Promise<Done | Refused> {
  if (mailbox === undefined && perDay === undefined)
    return { refused: 'Say with --mailbox or --per-day what is to change.' }
  const chosen = await mailboxesOf(client, mailbox, row => ours.includes(row.id))
  if ('refused' in chosen) return chosen
  const changed = await client.partners.change({ id, ...chosen, perDay: perDay ?? ourPerDay })
  if (!changed.ok)
    return failedAsItStands(changed.failure, 'Nothing is agreed with this partner that could be changed.')
  const { text } = changed.value
  return {
    code: exitCodes.clean,
    text: `${text}${partnerTextWords.change.hand}\n`,
    json: { id, ...changed.value },
  }
}

async function accept(client: InProcessClient, flags: OfferFlags, text: string): Promise<Done | Refused> {
  const read = await client.partners.read({ text })
  if (!read.ok) return failed(read.failure)
  if (!read.value.taken) return notTaken(read.value.problem)
  if (read.value.says.kind !== 'invitation') {
    const taken = await client.partners.take({ text })
    if (!taken.ok) return failed(taken.failure)
    if (!taken.value.taken) return notTaken(taken.value.problem)
    const { id } = taken.value
    const partner = (await rowsOfTable(client, 'partners')).find(one => one.id === id)
    return {
      code: exitCodes.clean,
      text: partner === undefined ? '' : report([partner]),
      json: { ...taken.value, checkNumber: partner?.checkNumber ?? null },
    }
  }
  const offer = await offered(client, flags)
  if ('refused' in offer) return offer
  const accepted = await client.partners.accept({ ...offer, text })
  if (!accepted.ok) return failed(accepted.failure)
  if (!accepted.value.taken) return notTaken(accepted.value.problem)
  const { text: answer, checkNumber } = accepted.value
  return {
    code: exitCodes.clean,
    text: `${answer}${partnerTextWords.answer.hand}\nCheck number: ${checkNumber}\nRead it to each other; if it is the same, say so with rookery warmup confirm.\n`,
    json: accepted.value,
  }
}

function notTaken(problem: Parameters<typeof partnerTextProblemSentence>[0]): Done {
  return {
    code: exitCodes.findings,
    text: `${partnerTextProblemSentence(problem)}\n`,
    json: { taken: false, problem },
  }
}

async function offered(
  client: InProcessClient,
  { name, mailbox, perDay }: OfferFlags,
): Promise<{ name: string; mailboxIds: string[]; perDay: number } | Refused> {
  if (name === undefined || name.trim() === '')
    return { refused: 'Say with --name what you are called there.' }
  const chosen = await mailboxesOf(client, mailbox, () => true)
  return 'refused' in chosen ? chosen : { name: name.trim(), ...chosen, perDay }
}

/** Those with the addresses that were given, else those that `usual` takes. */
async function mailboxesOf(
  client: InProcessClient,
  addresses: readonly string[] | undefined,
  usual: (row: WarmupRow) => boolean,
): Promise<{ mailboxIds: string[] } | Refused> {
  const rows = await rowsOfTable(client, 'warmup')
  const wanted = addresses?.map(address => address.toLowerCase())
  const unknown = wanted?.find(address => !rows.some(row => row.address.toLowerCase() === address))
  if (unknown !== undefined) return { refused: `No mailbox that warms up has the address ${unknown}.` }
  const chosen = rows.filter(row =>
    wanted === undefined ? usual(row) : wanted.includes(row.address.toLowerCase()),
  )
  if (chosen.length > 0) return { mailboxIds: chosen.map(({ id }) => id) }
  return { refused: 'No mailbox that could take part warms up. Start warmup first.' }
}

function report(partners: readonly Partner[]): string {
  if (partners.length === 0) return 'No partners. rookery warmup invite makes an invitation.\n'
  return partners
    .map(partner => {
      const { id, name, state, checkNumber, theirs, theirPerDay, sent, received } = partner
      const stands = theirs.length > 0
      return [
        `${name === '' ? 'Not answered yet' : printable(name)} (${id})`,
        `  ${partnerStateWords[state].name}. ${partnerSentence(partner)}`,
        ...(state === 'comparing' && checkNumber !== null ? [`  Check number: ${checkNumber}`] : []),
        ...(stands
          ? [
              `  Theirs, ${takesSentence(theirPerDay)}: ${theirs.map(({ address }) => printable(address)).join(', ')}`,
              `  ${countOf(sent, 'message')} out, ${received} in.`,
            ]
          : []),
        '',
      ].join('\n')
    })
    .join('\n')
}
