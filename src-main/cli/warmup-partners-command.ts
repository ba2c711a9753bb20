import type { Command } from 'commander'
import { usualInvitationDays, usualPerDay } from '#shared/model/partner-values.ts'
import { wholeWithin } from './warmup-values.ts'

export type PartnersFlags = { dataDir?: string; json?: boolean; passphraseStdin?: boolean }
export type OfferFlags = { name?: string; mailbox?: string[]; perDay: number }
export type ChangeFlags = Partial<Omit<OfferFlags, 'name'>>

export type PartnersVerb =
  | { readonly kind: 'list' }
  | { readonly kind: 'invite'; readonly offer: OfferFlags; readonly days: number }
  | { readonly kind: 'accept'; readonly file: string; readonly offer: OfferFlags }
  | { readonly kind: 'confirm' | 'go-on' | 'revoke'; readonly partner: string }
  | { readonly kind: 'change'; readonly partner: string; readonly to: ChangeFlags }

/** Adds `partners` and the verbs of agreements to `rookery warmup`. */
export function addWarmupPartnersCommands(
  warmup: Command,
  build: string,
  done: (code: number) => void,
): void {
  const run = async (verb: PartnersVerb, flags: PartnersFlags) => {
    const { runPartnersVerb } = await import('./warmup-partners.ts')
    done(await runPartnersVerb({ verb, build, ...flags }))
  }
  const verb = (name: string, description: string) =>
    warmup
      .command(name)
      .description(description)
      .option('--data-dir <folder>', "folder of the data (default: the system's folder for applications)")
      .option('--passphrase-stdin', 'read the passphrase of the vault from the first line of standard input')
      .option('--json', 'print JSON')
      .addHelpText('after', exitCodeHelp)
  verb('partners', 'Print the agreements with other Rookeries and how they stand.').action(
    (flags: PartnersFlags) => run({ kind: 'list' }, flags),
  )
  withOffer(verb('invite', 'Make an invitation: a text to give to somebody who uses Rookery too.'))
    .option('--days <number>', 'how long it holds, 1 to 30', wholeWithin(1, 30), usualInvitationDays)
    .action(({ name, mailbox, perDay, days, ...flags }: PartnersFlags & OfferFlags & { days: number }) =>
      run({ kind: 'invite', offer: offerOf(name, mailbox, perDay), days }, flags),
    )
  withOffer(
    verb(
      'accept',
      'Take a text of a partner: an invitation (prints the answer), an answer, a change, an end.',
    ),
  )
    .argument('<file>', 'the text; - reads standard input')
    .action((file: string, { name, mailbox, perDay, ...flags }: PartnersFlags & OfferFlags) =>
      run({ kind: 'accept', file, offer: offerOf(name, mailbox, perDay) }, flags),
    )
  verb('confirm', 'Say that the check number is the same on both sides; then mail may go.')
    .argument('<partner>', 'name or id')
    .action((partner: string, flags: PartnersFlags) => run({ kind: 'confirm', partner }, flags))
  withMailboxes(
    verb(
      'change',
      'Let other mailboxes of yours take part, or change how much they take; prints the text that tells the partner.',
    ),
    'a mailbox of yours that takes part; may be given more than once (default: those that do now)',
  )
    .option('--per-day <number>', `${perDayMeaning} (default: as now)`, readPerDay)
    .argument('<partner>', 'name or id')
    .action((partner: string, { mailbox, perDay, ...flags }: PartnersFlags & ChangeFlags) =>
      run({ kind: 'change', partner, to: { ...(mailbox && { mailbox }), ...(perDay && { perDay }) } }, flags),
    )
  verb('go-on', 'Write again to a partner from whom nothing came back for a week.')
    .argument('<partner>', 'name or id')
    .action((partner: string, flags: PartnersFlags) => run({ kind: 'go-on', partner }, flags))
  verb('revoke', 'End an agreement or take an invitation back; prints the text that tells the partner.')
    .argument('<partner>', 'name or id')
    .action((partner: string, flags: PartnersFlags) => run({ kind: 'revoke', partner }, flags))
}

function offerOf(name: string | undefined, mailbox: string[] | undefined, perDay: number): OfferFlags {
  return {
    perDay,
    ...(name === undefined ? {} : { name }),
    ...(mailbox === undefined ? {} : { mailbox }),
  }
}

const perDayMeaning = 'messages a day that each of them takes, 1 to 20'
const readPerDay = wholeWithin(1, 20)

function withOffer(command: Command): Command {
  return withMailboxes(
    command.option('--name <text>', 'what you are called there'),
    'a mailbox of yours that takes part; may be given more than once (default: all that warm up)',
  ).option('--per-day <number>', perDayMeaning, readPerDay, usualPerDay)
}

function withMailboxes(command: Command, description: string): Command {
  return command.option('--mailbox <address>', description, (value: string, earlier: string[] = []) => [
    ...earlier,
    value,
  ])
}

const exitCodeHelp = `
Exit codes:
  0    done
  1    the text was not taken; nothing changed
  2    a flag, a file, a partner or a data folder that cannot be used, or a vault that cannot be opened
The data folder must not be in use: close Rookery first, or use its window.`
