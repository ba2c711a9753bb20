import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { chmod, chown, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { canary } from './canary.ts'
import { makeCertificate } from './certificates.ts'
import { freePort } from './ports.ts'

export type MailServers = {
  readonly ports: {
    readonly smtp: number
    readonly submission: number
    readonly submissions: number
    readonly imap: number
    readonly imaps: number
  }
  /** The authority to trust; the servers' certificate holds for `localhost` and `mail.a.test`. */
  readonly caPem: string
  /** SHA-256 of the servers' certificate. */
  readonly fingerprint: string
  /** `user1@a.test` and so on, each with a password of its own. A filter puts mail to `user1+junk@a.test` into Junk. */
  address(number: number): string
  password(number: number): string
  /** Connections to all ports that are open at this moment, as the callers and as the servers have them; Linux only. */
  connections(): { readonly callers: number; readonly servers: number }
  /** The flags of one message, as the server keeps them. */
  flags(number: number, folder: string, messageId: string): Promise<string[]>
  /** Headers of one message, wherever it lies, unfolded. */
  headers(number: number, messageId: string, names: readonly string[]): Promise<Record<string, string>>
  /** Every message of a mailbox: its folder and its Message-ID. */
  messages(number: number): Promise<{ folder: string; messageId: string }[]>
  /** Stops Dovecot, does something while it is away, and starts it again. */
  restartImap(meanwhile: () => Promise<void>): Promise<void>
  /** Lets the server forget the numbers of a mailbox, so that UIDVALIDITY changes. Nobody may be logged in to it. */
  renumber(number: number): Promise<void>
  stop(): Promise<void>
}

const dovecot = '/usr/sbin/dovecot'
const postfix = '/usr/sbin/postfix'
const sieve = '/usr/lib/dovecot/modules/lib90_sieve_plugin.so'

/** Why the servers cannot run here; null when they can. */
export function mailServersProblem(): string | null {
  if (!existsSync(dovecot) || !existsSync('/usr/lib/dovecot/lmtp'))
    return 'Dovecot with IMAP and LMTP is not installed'
  if (!existsSync(sieve)) return 'Sieve for Dovecot (dovecot-sieve) is not installed'
  if (!existsSync(postfix)) return 'Postfix is not installed'
  return process.getuid?.() === 0 ? null : 'Postfix can be started by root only'
}

/**
 * Real Dovecot and Postfix on free ports of 127.0.0.1, in one folder of their own. Submission asks for STARTTLS and a
 * login, submissions speaks TLS from the first octet, plain SMTP takes a login too. `junkFor` names users whose mail a
 * filter (Sieve, RFC 5228) puts into Junk.
 */
export async function startMailServers(options: {
  readonly users: number
  readonly junkFor?: readonly number[]
  /** The SASL mechanisms of both servers. */
  readonly mechanisms?: string
  /** Where tokens are looked up (RFC 7662), for XOAUTH2. */
  readonly introspectionUrl?: string
}): Promise<MailServers> {
  const folder = await mkdtemp(join(tmpdir(), 'rookery-mail-'))
  await chmod(folder, 0o755)
  const names = ['smtp', 'submission', 'submissions', 'imap', 'imaps', 'lmtp'] as const
  const ports = Object.fromEntries(
    await Promise.all(names.map(async name => [name, await freePort()])),
  ) as Record<(typeof names)[number], number>
  const authority = makeCertificate({ name: 'Rookery test authority', isAuthority: true })
  const certificate = makeCertificate({
    name: 'mail.a.test',
    names: ['localhost', 'mail.a.test'],
    issuer: authority,
  })
  for (const part of ['dovecot/run', 'dovecot/state', 'mail', 'sieve', 'postfix', 'spool', 'data']) {
    await mkdir(join(folder, part), { recursive: true })
  }
  await writeFile(join(folder, 'cert.pem'), `${certificate.pem}${authority.pem}`)
  await writeFile(join(folder, 'key.pem'), certificate.keyPem)
  const numbers = Array.from({ length: options.users }, (_, index) => index + 1)
  await writeFile(
    join(folder, 'users'),
    numbers.map(number => `user${number}@a.test:{PLAIN}${passwordOf(number)}::::::\n`).join(''),
  )
  await writeFile(join(folder, 'mailboxes'), numbers.map(number => `user${number}@a.test ok\n`).join(''))
  await writeFile(join(folder, 'sieve', 'place.sieve'), placingScript(options.junkFor ?? []))
  const { introspectionUrl, mechanisms = 'plain login' } = options
  await writeFile(
    join(folder, 'dovecot.conf'),
    `${dovecotConf(folder, ports, mechanisms)}${introspectionUrl === undefined ? '' : tokenConf(folder)}`,
  )
  if (introspectionUrl !== undefined) {
    const lookUp = [
      'introspection_mode = post',
      `introspection_url = ${introspectionUrl}`,
      'username_attribute = email',
      'active_attribute = active',
      'active_value = true',
    ]
    await writeFile(join(folder, 'tokens.conf'), `${lookUp.join('\n')}\n`)
  }
  await writeFile(join(folder, 'postfix', 'main.cf'), mainCf(folder, ports))
  await writeFile(join(folder, 'postfix', 'master.cf'), masterCf(ports))
  const owner = idsOf('nobody')
  await chown(join(folder, 'mail'), owner.uid, owner.gid)
  // Delivery compiles the script and keeps what came of it beside it.
  await chown(join(folder, 'sieve'), owner.uid, owner.gid)
  await chown(join(folder, 'data'), idsOf('postfix').uid, idsOf('postfix').gid)

  const stop = async () => {
    await runs(postfix, '-c', join(folder, 'postfix'), 'stop')
    await stopDovecot(folder)
    await ended([join(folder, 'spool/pid/master.pid')])
    await rm(folder, { recursive: true, force: true })
  }
  const isStarted =
    (await runs(dovecot, '-c', join(folder, 'dovecot.conf'))) &&
    (await runs(postfix, '-c', join(folder, 'postfix'), 'start'))
  const isOpen = isStarted && (await allOpen(Object.values(ports)))
  if (!isOpen) {
    const logs = ['dovecot.log', 'postfix/postfix.log'].map(name => readIfThere(join(folder, name)))
    await stop()
    throw new Error(`The mail servers did not start: ${logs.join('\n')}`)
  }
  const { lmtp: _between, ...open } = ports
  return {
    ports: open,
    caPem: authority.pem,
    fingerprint: createHash('sha256').update(certificate.der).digest('hex'),
    address: number => `user${number}@a.test`,
    password: passwordOf,
    connections: () => established(Object.values(open)),
    flags: async (number, name, messageId) => {
      const search = ['mailbox', name, 'header', 'message-id', messageId]
      const told = await doveadm(folder, 'fetch', '-u', `user${number}@a.test`, 'flags', ...search)
      return (/^flags: ?(.*)$/m.exec(told)?.[1] ?? '').split(' ').filter(flag => flag !== '')
    },
    headers: async (number, messageId, names) => {
      const fields = names.map(name => `hdr.${name}`).join(' ')
      const search = ['mailbox', '*', 'header', 'message-id', messageId]
      const told = await doveadm(folder, 'fetch', '-u', `user${number}@a.test`, fields, ...search)
      const lines = told.replace(/\r?\n[ \t]+/g, ' ').split('\n')
      return Object.fromEntries(
        names.map(name => {
          const line = lines.find(one => one.startsWith(`hdr.${name}:`)) ?? ''
          return [name, line.slice(name.length + 5).trim()]
        }),
      )
    },
    messages: async number => {
      const fields = 'mailbox hdr.message-id'
      const told = await doveadm(folder, 'fetch', '-u', `user${number}@a.test`, fields, 'mailbox', '*')
      return told.split('\f').flatMap(one => {
        const [, name, messageId] = /mailbox: (.*)\n\s*hdr\.message-id: ?(\S*)/.exec(one) ?? []
        return name === undefined || messageId === undefined ? [] : [{ folder: name, messageId }]
      })
    },
    restartImap: async meanwhile => {
      await stopDovecot(folder)
      await meanwhile()
      await runs(dovecot, '-c', join(folder, 'dovecot.conf'))
      await allOpen([ports.imap, ports.imaps, ports.lmtp])
    },
    renumber: async number => {
      // What served the last login may still be writing.
      for (let tries = 0; tries < 200; tries++) {
        if (!(await doveadm(folder, 'who', '-1')).includes(`user${number}@a.test`)) break
        await sleep(50)
      }
      const home = join(folder, 'mail', 'a.test', `user${number}`)
      for (const name of await readdir(home)) {
        // The file of the last UIDVALIDITY stays, so that the next one is another.
        if (/^dovecot-uidlist|^dovecot\.index/.test(name)) await rm(join(home, name), { force: true })
      }
    },
    stop,
  }
}

const passwordOf = (number: number) => canary(`mail-${number}`)

/** Mail for these users, and for anybody's address with `+junk`, goes to Junk (RFC 5228, 5233). */
function placingScript(junkFor: readonly number[]): string {
  const users = junkFor.map(number => `"user${number}"`)
  const tests = ['envelope :detail :is "to" "junk"']
  if (users.length > 0) tests.push(`envelope :user :is "to" [${users.join(', ')}]`)
  return `require ["envelope", "fileinto", "subaddress"];
if anyof (${tests.join(', ')}) {
  fileinto "Junk";
}
`
}

type Ports = Readonly<Record<'smtp' | 'submission' | 'submissions' | 'imap' | 'imaps' | 'lmtp', number>>

function dovecotConf(folder: string, ports: Ports, mechanisms: string): string {
  return `
base_dir = ${folder}/dovecot/run
state_dir = ${folder}/dovecot/state
log_path = ${folder}/dovecot.log
protocols = imap lmtp
listen = 127.0.0.1
default_internal_user = dovecot
default_internal_group = dovecot
default_login_user = dovenull
first_valid_uid = 1
first_valid_gid = 1
mail_location = maildir:${folder}/mail/%d/%n
mail_fsync = never
# Where the system lets too few processes watch files, those that wait look by themselves this often.
mailbox_idle_check_interval = 2 secs
disable_plaintext_auth = no
auth_mechanisms = ${mechanisms}
auth_failure_delay = 0
recipient_delimiter = +
protocol lmtp {
  mail_plugins = sieve
}
plugin {
  sieve = file:${folder}/sieve/place.sieve
}
ssl = yes
ssl_cert = <${folder}/cert.pem
ssl_key = <${folder}/key.pem
passdb {
  driver = passwd-file
  args = scheme=PLAIN username_format=%u ${folder}/users
}
userdb {
  driver = static
  args = uid=nobody gid=nogroup home=${folder}/mail/%d/%n
}
namespace inbox {
  inbox = yes
  separator = /
  mailbox Junk {
    auto = subscribe
    special_use = \\Junk
  }
  mailbox Sent {
    auto = subscribe
    special_use = \\Sent
  }
}
service imap {
  process_limit = 2000
}
service imap-login {
  chroot =
  # One process for many clients: each of hundreds that stay would else keep one of its own.
  service_count = 0
  client_limit = 2000
  inet_listener imap {
    address = 127.0.0.1
    port = ${ports.imap}
  }
  inet_listener imaps {
    address = 127.0.0.1
    port = ${ports.imaps}
    ssl = yes
  }
}
service anvil {
  chroot =
  # Without it a login after a refused one is not held back for seconds.
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
service stats {
  chroot =
}
service lmtp {
  inet_listener lmtp {
    address = 127.0.0.1
    port = ${ports.lmtp}
  }
}
service auth {
  unix_listener auth-client {
    mode = 0666
  }
}
`
}

function tokenConf(folder: string): string {
  return `
passdb {
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = ${folder}/tokens.conf
}
`
}

function mainCf(folder: string, ports: Ports): string {
  return `
compatibility_level = 3.6
queue_directory = ${folder}/spool
data_directory = ${folder}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
maillog_file = ${folder}/postfix/postfix.log
maillog_file_prefixes = ${folder}
syslog_name = rookerypostfix
notify_classes =
myhostname = mail.a.test
mydestination =
alias_maps =
alias_database =
local_recipient_maps =
mynetworks =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
recipient_delimiter = +
smtp_dns_support_level = disabled
default_transport = error:5.1.2 nothing leaves this server
relay_transport = error:5.1.2 nothing leaves this server
virtual_mailbox_domains = a.test
virtual_mailbox_maps = texthash:${folder}/mailboxes
virtual_transport = lmtp:inet:127.0.0.1:${ports.lmtp}
smtpd_tls_security_level = may
smtpd_tls_cert_file = ${folder}/cert.pem
smtpd_tls_key_file = ${folder}/key.pem
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = ${folder}/dovecot/run/auth-client
smtpd_sasl_security_options = noanonymous
smtpd_tls_auth_only = no
smtpd_relay_restrictions = permit_sasl_authenticated, reject_unauth_destination
smtpd_client_connection_count_limit = 0
smtpd_client_connection_rate_limit = 0
smtpd_error_sleep_time = 0
`
}

function masterCf(ports: Ports): string {
  return `
127.0.0.1:${ports.smtp} inet n - n - - smtpd
127.0.0.1:${ports.submission} inet n - n - - smtpd
  -o smtpd_tls_security_level=encrypt
  -o smtpd_tls_auth_only=yes
127.0.0.1:${ports.submissions} inet n - n - - smtpd
  -o smtpd_tls_wrappermode=yes
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
error unix - - n - - error
retry unix - - n - - error
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
`
}

/** Its processes that serve clients outlive it until they write again, so they are ended by their numbers. */
async function stopDovecot(folder: string): Promise<void> {
  const pidFile = join(folder, 'dovecot/run/master.pid')
  const children = childrenOf(Number(readIfThere(pidFile).trim()))
  await runs('/usr/bin/doveadm', '-c', join(folder, 'dovecot.conf'), 'stop')
  await ended([pidFile])
  for (const pid of children) {
    try {
      process.kill(pid)
    } catch {
      // It has ended by itself.
    }
  }
  for (let tries = 0; children.some(isAlive) && tries < 100; tries++) await sleep(20)
}

function childrenOf(parent: number): number[] {
  if (!(parent > 1)) return []
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .filter(name => {
      // The name of the program stands in parentheses and may hold anything.
      const [, ppid] = /\) \S (\d+)/.exec(readIfThere(`/proc/${name}/stat`)) ?? []
      return Number(ppid) === parent
    })
    .map(Number)
}

async function ended(pidFiles: readonly string[]): Promise<void> {
  for (let tries = 0; pidFiles.some(isRunning) && tries < 200; tries++) await sleep(50)
}

/** What doveadm prints; nothing when it finds nothing. */
function doveadm(folder: string, ...words: string[]): Promise<string> {
  return new Promise(resolve => {
    const child = spawn('/usr/bin/doveadm', ['-c', join(folder, 'dovecot.conf'), ...words], {
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    let text = ''
    child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()))
    child.once('error', () => resolve(''))
    child.once('close', () => resolve(text))
  })
}

/** Daemons keep what they inherit, so they are given nothing to hold on to. */
function runs(program: string, ...words: string[]): Promise<boolean> {
  return new Promise(resolve => {
    const child = spawn(program, words, { stdio: 'ignore' })
    child.once('error', () => resolve(false))
    child.once('exit', code => resolve(code === 0))
  })
}

async function allOpen(ports: readonly number[]): Promise<boolean> {
  for (const port of ports) {
    const startedAt = Date.now()
    while (!(await isOpen(port))) {
      if (Date.now() - startedAt > 15_000) return false
      await sleep(20)
    }
  }
  return true
}

function isOpen(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect(port, '127.0.0.1')
    socket.once('error', () => resolve(false))
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
  })
}

function isRunning(pidFile: string): boolean {
  const pid = Number(readIfThere(pidFile).trim())
  return pid > 1 && isAlive(pid)
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

function idsOf(user: string): { uid: number; gid: number } {
  const [, , uid, gid] =
    readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .find(line => line.startsWith(`${user}:`))
      ?.split(':') ?? []
  return { uid: Number(uid), gid: Number(gid) }
}

/** Established connections with these ports of 127.0.0.1 at the far end, and at the near end, as the kernel lists them. */
function established(ports: readonly number[]): { callers: number; servers: number } {
  const ends = new Set(ports.map(port => `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')}`))
  const callers = new Set<string>()
  const servers = new Set<string>()
  // A line may come twice while the table changes, so ends are counted and not lines.
  for (const line of readFileSync('/proc/net/tcp', 'utf8').split('\n').slice(1)) {
    const [, near = '', far = '', state] = line.trim().split(/\s+/)
    if (state !== '01') continue
    if (ends.has(far)) callers.add(near)
    if (ends.has(near)) servers.add(far)
  }
  return { callers: callers.size, servers: servers.size }
}
