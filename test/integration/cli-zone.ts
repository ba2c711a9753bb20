import { generateKeyPairSync } from 'node:crypto'

/** Zones of every kind of domain, and an empty root above them: what each is for stands above it. */
export function cliZones(): Record<string, string> {
  return {
    '.': zone('.', `example. IN TXT "a name between the root and the domains"`),
    // all is well
    'clean.example': zone(
      'clean.example.',
      `
clean.example. IN NS ada.ns.cloudflare.com.
clean.example. IN NS bob.ns.cloudflare.com.
clean.example. IN MX 10 mx1.clean.example.
clean.example. IN MX 20 mx2.clean.example.
clean.example. IN A 198.51.100.80
clean.example. IN TXT "v=spf1 ip4:198.51.100.0/24 mx -all"
_dmarc.clean.example. IN TXT "v=DMARC1; p=reject; rua=mailto:dmarc@clean.example"
*._report._dmarc.clean.example. IN TXT "v=DMARC1"
s1._domainkey.clean.example. IN TXT ${dkimRecord(2048)}
mx1.clean.example. IN A 198.51.100.4
mx2.clean.example. IN A 198.51.100.5
; inherits its policy from the domain above
mail.clean.example. IN MX 10 mx1.clean.example.
mail.clean.example. IN TXT "v=spf1 ip4:198.51.100.4 ~all"
s1._domainkey.mail.clean.example. IN TXT ${dkimRecord(2048)}`,
    ),
    '100.51.198.in-addr.arpa': zone(
      '100.51.198.in-addr.arpa.',
      `
4.100.51.198.in-addr.arpa. IN PTR mx1.clean.example.
5.100.51.198.in-addr.arpa. IN PTR mx2.clean.example.`,
    ),
    // nearly everything is wrong
    'faulty.example': zone(
      'faulty.example.',
      `
faulty.example. IN NS ns1.faulty.example.
faulty.example. IN MX 10 gone.faulty.example.
faulty.example. IN MX 20 alias.faulty.example.
faulty.example. IN MX 30 inside.faulty.example.
faulty.example. IN TXT "v=spf1 include:a.faulty.example include:b.faulty.example ptr +all"
a.faulty.example. IN TXT "v=spf1 a:h1.faulty.example a:h2.faulty.example a:h3.faulty.example a:h4.faulty.example a:h5.faulty.example ~all"
b.faulty.example. IN TXT "v=spf1 a:h1.faulty.example a:h2.faulty.example a:h3.faulty.example exists:%{i}.b.faulty.example ~all"
h1.faulty.example. IN A 198.51.100.11
h2.faulty.example. IN A 198.51.100.12
h3.faulty.example. IN A 198.51.100.13
h4.faulty.example. IN A 198.51.100.14
h5.faulty.example. IN A 198.51.100.15
ns1.faulty.example. IN A 198.51.100.16
alias.faulty.example. IN CNAME h1.faulty.example.
inside.faulty.example. IN A 10.0.0.5
_dmarc.faulty.example. IN TXT "v=DMARC1; p=none; pct=50"
default._domainkey.faulty.example. IN TXT ${dkimRecord(1024)}`,
    ),
    // asks SPF about senders: check-host
    'spf.example': zone(
      'spf.example.',
      `
spf.example. IN TXT "v=spf1 include:in.spf.example ~exists:%{l}.ok.spf.example -all exp=why.spf.example"
in.spf.example. IN TXT "v=spf1 ip4:198.41.0.0/24 ip6:2a00:1450::/32 -all"
why.spf.example. IN TXT "%{i} may not send for %{d}. See http://spf.example/why?s=%{S}"
two\\032words.ok.spf.example. IN A 127.0.0.2
broken.spf.example. IN TXT "v=spf1 include:gone.spf.example -all"`,
    ),
    // sends nothing and takes nothing
    'null.example': zone(
      'null.example.',
      `
null.example. IN NS ns1.clean.example.
null.example. IN NS ns2.clean.example.
null.example. IN MX 0 .
null.example. IN TXT "v=spf1 -all"
_dmarc.null.example. IN TXT "v=DMARC1; p=reject; rua=mailto:dmarc@clean.example"`,
    ),
    // exists, and has nothing
    'bare.example': zone(
      'bare.example.',
      `
bare.example. IN NS ns1.clean.example.
bare.example. IN NS ns2.clean.example.`,
    ),
    // an international name
    'xn--bcher-kva.example': zone(
      'xn--bcher-kva.example.',
      `
xn--bcher-kva.example. IN NS ns1.clean.example.
xn--bcher-kva.example. IN NS ns2.clean.example.
xn--bcher-kva.example. IN MX 10 mx1.clean.example.
xn--bcher-kva.example. IN A 198.51.100.80
xn--bcher-kva.example. IN TXT "v=spf1 mx ~all"
_dmarc.xn--bcher-kva.example. IN TXT "v=DMARC1; p=quarantine; rua=mailto:dmarc@clean.example"
mail._domainkey.xn--bcher-kva.example. IN TXT ${dkimRecord(2048)}`,
    ),
    // two of each
    'twice.example': zone(
      'twice.example.',
      `
twice.example. IN NS ns1.clean.example.
twice.example. IN NS ns2.clean.example.
twice.example. IN MX 10 mx1.clean.example.
twice.example. IN TXT "v=spf1 mx -all"
twice.example. IN TXT "v=spf1 a -all"
_dmarc.twice.example. IN TXT "v=DMARC1; p=none; rua=mailto:dmarc@clean.example"
_dmarc.twice.example. IN TXT "v=DMARC1; p=reject; rua=mailto:dmarc@clean.example"`,
    ),
    // its records try to steer the terminal
    'hostile.example': zone(
      'hostile.example.',
      `
hostile.example. IN NS ns1.clean.example.
hostile.example. IN NS ns2.clean.example.
hostile.example. IN MX 10 mx1.clean.example.
hostile.example. IN TXT "v=spf1 \\027[2J\\007 \\194\\155 -all"
_dmarc.hostile.example. IN TXT "v=DMARC1; p=reject; rua=mailto:dmarc@clean.example"`,
    ),
  }
}

function zone(name: string, records: string): string {
  const hasServers = / IN NS /.test(records)
  return [
    '$TTL 300',
    `${name} IN SOA ns1.clean.example. hostmaster.clean.example. 1 3600 600 86400 60`,
    ...(hasServers ? [] : [`${name} IN NS ns1.clean.example.`]),
    records,
  ].join('\n')
}

function dkimRecord(bits: number): string {
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: bits })
  const key = publicKey.export({ type: 'spki', format: 'der' }).toString('base64')
  const strings = `v=DKIM1; k=rsa; p=${key}`.match(/.{1,255}/g) ?? []
  return strings.map(string => `"${string}"`).join(' ')
}
