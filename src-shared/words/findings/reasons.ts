import type { BimiReason, LogoReason } from '../../mail-auth/parse-bimi.ts'
import type { DkimPasteFault } from '../../mail-auth/mend-dkim-key.ts'
import type { DkimReason } from '../../mail-auth/parse-dkim-key.ts'
import type { DmarcReason, ReportUriReason } from '../../mail-auth/parse-dmarc.ts'
import type { MtaStsPolicyReason, MtaStsRecordReason } from '../../mail-auth/parse-mta-sts.ts'
import type { SpfReason } from '../../mail-auth/parse-spf.ts'
import type { TlsRptReason } from '../../mail-auth/parse-tls-rpt.ts'
import type { CertificateProblem, HttpsFault } from '../../model/exchange.ts'
import { type Facts, factText } from '../phrases.ts'

/** What is wrong with a term, as a clause that follows the term. */
const spfClauses: Record<SpfReason | 'mechanism-as-modifier' | 'quotes', string> = {
  'bad-character': 'holds a character that SPF does not allow, such as a curly quote or an accent',
  'unknown-mechanism': 'is no term that SPF knows',
  'value-missing': 'lacks the value after its name',
  'value-not-allowed': 'has a value although it takes none',
  'modifier-as-mechanism': 'needs “=” after its name, not “:”',
  'qualifier-on-modifier': 'may not have a sign such as ~ or - in front',
  'modifier-duplicate': 'stands there twice',
  'address-invalid': 'holds no valid IP address',
  'address-family': 'mixes IPv4 and IPv6: ip4: takes IPv4 addresses, ip6: takes IPv6',
  'prefix-length-invalid': 'has an impossible number after the slash',
  'domain-invalid': 'holds no valid domain name',
  'macro-invalid': 'holds a macro (%{…}) that cannot be read',
  'macro-only-in-exp': 'uses a macro that is allowed only in the text of exp=',
  'mechanism-as-modifier': 'needs “:” after its name, not “=”',
  quotes: 'holds a quotation mark or a backslash, which came along when it was pasted',
}

const dmarcClauses: Record<DmarcReason, string> = {
  'empty-tag': 'is empty between two semicolons',
  'equals-missing': 'has no equals sign',
  'name-invalid': 'has a name that no tag can have',
  'value-invalid': 'has a value that cannot be read',
  duplicate: 'stands there twice',
  'unknown-value': 'has a value that DMARC does not know',
}

const reportUriClauses: Record<ReportUriReason, string> = {
  'scheme-missing': 'lacks “mailto:” in front',
  'scheme-not-mailto': 'does not begin with “mailto:”, and reports are only sent by mail',
  'address-invalid': 'holds no valid email address',
  separator: 'is not parted from the one before it by a comma',
  empty: 'is empty',
}

const dkimClauses: Record<DkimReason | DkimPasteFault, string> = {
  quotes: 'quotation marks stand inside its value',
  backslashes: 'backslashes stand inside its value',
  truncated: 'the key ends before it is complete',
  split: 'its value was cut into several records',
  syntax: 'its record is not a list of name=value tags',
  'duplicate-tag': 'a tag stands in its record twice',
  'key-missing': 'the tag p= with the key is missing',
  'base64-invalid': 'the key was cut off or changed when it was pasted',
  'key-not-rsa': 'the key was cut off, or is of another kind than its record says',
  'ed25519-length': 'an Ed25519 key has 32 octets, and this one has not',
  'key-type-unknown': 'its record names a kind of key that receivers do not know',
}

const noMailClauses: Record<'null-mx' | 'no-mail-server' | 'nxdomain', string> = {
  'null-mx': 'says that it takes no mail',
  'no-mail-server': 'has no mail server',
  nxdomain: 'does not exist',
}

const failureOptionClauses: Record<'without-ruf' | 'redundant', string> = {
  'without-ruf': 'names no address for failure reports (ruf=), so nobody reads it',
  redundant: 'asks for both 0 and 1, and 1 includes 0',
}

const absentClauses: Record<'nxdomain' | 'nodata' | 'not-spf', string> = {
  nxdomain: 'does not exist',
  nodata: 'has no SPF record',
  'not-spf': 'has no SPF record',
}

const soaClauses: Readonly<Record<string, string>> = {
  'expire-too-short': 'expire is shorter than refresh and retry together',
  'negative-ttl-long': 'a missing record is remembered for more than a day',
  'retry-longer-than-refresh': 'retry is longer than refresh',
  'contact-invalid': 'the contact is no mail address',
  'server-invalid': 'the first nameserver is not named',
}

const mtaStsClauses: Record<MtaStsRecordReason, string> = {
  version: 'it does not begin with v=STSv1;',
  'id-missing': 'it has no id',
  'id-invalid': 'its id is not 1 to 32 letters and digits',
  syntax: 'it is not a list of name=value',
}

const mtaStsPolicyClauses: Record<MtaStsPolicyReason, string> = {
  version: 'it lacks the line version: STSv1',
  mode: 'its mode is not enforce, testing or none',
  'max-age': 'its max_age is missing or more than a year',
  'mx-missing': 'it names no mail server (mx:)',
  'mx-invalid': 'a line mx: holds no host name',
  syntax: 'a line is not of the form key: value',
}

const tlsRptClauses: Record<TlsRptReason, string> = {
  version: 'it does not begin with v=TLSRPTv1;',
  'rua-missing': 'it names no address (rua=)',
  'address-invalid': 'an address begins with neither mailto: nor https:',
  syntax: 'it is not a list of name=value',
}

const certificateClauses: Record<CertificateProblem, string> = {
  expired: 'has expired',
  'not-yet-valid': 'is not valid yet',
  name: 'is for another name',
  untrusted: 'no known authority has signed',
  invalid: 'is not valid',
}

const pageClauses: Record<HttpsFault | 'content-type', string> = {
  'no-address': 'the name has no address',
  'certificate-expired': 'the certificate has expired',
  'certificate-not-yet-valid': 'the certificate is not valid yet',
  'certificate-name': 'the certificate is for another name',
  'certificate-untrusted': 'no known authority has signed the certificate',
  'certificate-invalid': 'the certificate is not valid',
  'tls-failed': 'no encrypted connection comes about',
  redirected: 'it redirects to another place',
  'too-large': 'it is too large',
  malformed: 'the answer cannot be read',
  'content-type': 'it is not sent as plain text (text/plain)',
}

const caaClauses: Readonly<Record<string, string>> = {
  'unknown-tag': 'its tag is not one that authorities know',
  'unknown-critical': 'it demands that a tag be understood which nobody knows',
  'issuer-invalid': 'it holds no domain of an authority',
  'report-invalid': 'its report address is neither mailto: nor https:',
}

const bimiClauses: Record<BimiReason, string> = {
  version: 'it does not begin with v=BIMI1;',
  'logo-missing': 'it names no logo (l=)',
  'logo-not-https': 'the address of the logo does not begin with https:',
  'certificate-not-https': 'the address of the certificate does not begin with https:',
  syntax: 'it is not a list of name=value',
}

const logoClauses: Record<LogoReason, string> = {
  'not-svg': 'it is no SVG picture',
  profile: 'it does not say baseProfile="tiny-ps"',
  version: 'it does not say version="1.2"',
  'title-missing': 'it has no title',
  position: 'its root has x or y',
  script: 'it holds a script',
  external: 'it refers to something outside itself',
  'not-square': 'it is not square',
  'too-large': 'it is larger than 32 KB',
}

const markClauses: Readonly<Record<string, string>> = {
  'not-pem': 'it is no certificate in PEM form',
  expired: 'it has expired',
  'not-yet-valid': 'it is not valid yet',
  name: 'it is for another domain',
  purpose: 'it is not made for logos',
  'logo-missing': 'it holds no logo',
  chain: 'the certificate it was issued by is not beside it',
}

const explanationClauses: Record<
  'nxdomain' | 'nodata' | 'several-records' | 'not-ascii' | 'macro-invalid',
  string
> = {
  nxdomain: 'does not exist',
  nodata: 'has no TXT record',
  'several-records': 'has more than one TXT record',
  'not-ascii': 'holds characters outside ASCII',
  'macro-invalid': 'holds a macro (%{…}) that cannot be read',
}

const clauses = {
  explanation: explanationClauses,
  spf: spfClauses,
  dmarc: dmarcClauses,
  reportUri: reportUriClauses,
  dkim: dkimClauses,
  absent: absentClauses,
  soa: soaClauses,
  mtaSts: mtaStsClauses,
  mtaStsPolicy: mtaStsPolicyClauses,
  tlsRpt: tlsRptClauses,
  certificate: certificateClauses,
  page: pageClauses,
  caa: caaClauses,
  bimi: bimiClauses,
  logo: logoClauses,
  mark: markClauses,
  noMail: noMailClauses,
  failureOptions: failureOptionClauses,
} as const

/** The clause for the fact `reason`, else the fallback: a report may come from an older or newer build. */
export function reasonClause(kind: keyof typeof clauses, facts: Facts, fallback: string): string {
  const table: Readonly<Record<string, string>> = clauses[kind]
  return table[factText(facts, 'reason', '')] ?? fallback
}
