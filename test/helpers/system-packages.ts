import { existsSync } from 'node:fs'
import { runs, type Say } from './command.ts'

const aptWithinMs = 8 * 60_000
const aptGet = '/usr/bin/apt-get'
const quiet = { DEBIAN_FRONTEND: 'noninteractive' }
const nsdPlaces = ['/usr/sbin/nsd', '/usr/local/sbin/nsd', '/opt/homebrew/sbin/nsd', '/usr/bin/nsd']
let listsUpdated: Promise<unknown> | null = null

export type Installed = { readonly installed: boolean; readonly why: string | null }

/** Installs Debian packages when this is Debian and we are root. `why` says what was in the way. */
export async function installPackages(names: readonly string[], say: Say): Promise<Installed> {
  if (!existsSync(aptGet)) return { installed: false, why: 'this system has no apt-get' }
  if (process.getuid?.() !== 0) return { installed: false, why: 'only root may install packages' }
  say(`Installing ${names.join(' and ')} from the distribution.`)
  // Stale or partly unreachable lists may still hold what is wanted.
  await (listsUpdated ??= runs([aptGet, 'update', '-q'], aptWithinMs, quiet))
  const command = [aptGet, 'install', '-q', '-y', '--no-install-recommends', ...names]
  const { code, output } = await runs(command, aptWithinMs, quiet)
  if (code === 0) return { installed: true, why: null }
  const lastWords = output.trim().split('\n').at(-1) ?? ''
  return { installed: false, why: `apt-get could not install ${names.join(' and ')} (${lastWords})` }
}

/** NSD, which integration tests ask; null once it is there, else why it is not. */
export async function findOrInstallNsd(say: Say): Promise<string | null> {
  if (nsdPlaces.some(existsSync)) return null
  const { why } = await installPackages(['nsd'], say)
  return nsdPlaces.some(existsSync) ? null : (why ?? 'the package has no nsd')
}

export const dnsperfPlaces = ['/usr/bin/dnsperf', '/usr/local/bin/dnsperf', '/opt/homebrew/bin/dnsperf']

/** dnsperf, which the bench compares with; null once it is there, else why it is not. */
export async function findOrInstallDnsperf(say: Say): Promise<string | null> {
  if (dnsperfPlaces.some(existsSync)) return null
  const { why } = await installPackages(['dnsperf'], say)
  return dnsperfPlaces.some(existsSync) ? null : (why ?? 'the package has no dnsperf')
}

const rbldnsdPlaces = ['/usr/sbin/rbldnsd', '/usr/local/sbin/rbldnsd']
const secretServicePlaces = ['/usr/bin/gnome-keyring-daemon', '/usr/bin/dbus-run-session']

/** Real mail servers for the connection test, with what their certificates and the delivery need. */
const mailServers: readonly (readonly [string, string])[] = [
  ['/usr/sbin/dovecot', 'dovecot-core'],
  ['/usr/lib/dovecot/imap', 'dovecot-imapd'],
  ['/usr/lib/dovecot/lmtp', 'dovecot-lmtpd'],
  ['/usr/lib/dovecot/modules/lib90_sieve_plugin.so', 'dovecot-sieve'],
  ['/usr/sbin/postfix', 'postfix'],
]

/** rbldnsd, a Secret Service and mail servers, for single suites that say themselves when these are missing. */
export async function tryToInstallRest(say: Say): Promise<void> {
  const missing = [
    ...(rbldnsdPlaces.some(existsSync) ? [] : ['rbldnsd']),
    ...(secretServicePlaces.every(existsSync) ? [] : ['gnome-keyring', 'dbus']),
    ...mailServers.filter(([place]) => !existsSync(place)).map(([, name]) => name),
  ]
  if (missing.length > 0) await installPackages(missing, say)
}
