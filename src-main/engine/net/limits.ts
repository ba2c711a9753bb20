/** Every bound on what comes from outside, each with its reason. */
export const limits = {
  /** Questions under way at once; beyond about 200 the throughput of a loopback server falls (measured). */
  dnsInFlight: 200,
  /** EDNS buffer that fits an IPv6 path without fragments (DNS flag day 2020). */
  dnsUdpPayloadBytes: 1232,
  /** One try of one server. */
  dnsTryMs: 2_500,
  /** Tries of each configured server before the question counts as unavailable. */
  dnsTriesPerServer: 2,
  /** CNAMEs followed for one question; real chains have at most five. */
  dnsAliases: 10,
  /** Records read from one answer; a real RRset has a few dozen. */
  dnsRecords: 1_000,
  /** Cached answers, and how long the longest may stay, in seconds. */
  dnsCacheEntries: 20_000,
  dnsCacheTtlS: 3_600,
  /** Larger messages are not cached: 50,000 of 64 KiB would be 3 GB. */
  dnsCacheMessageBytes: 4_096,
  /** Compression pointers followed in one name; an honest encoder needs one, and chains of thousands only burn time. */
  dnsNamePointers: 32,
  /** Words of a server that are kept with its refusal. */
  dnsExplanationBytes: 200,
  /** Sockets open to one server, each with a random port of its own that an attacker would have to guess. */
  dnsSocketsPerServer: 4,
  /**
   * A socket is renewed after this many questions or this long, so that no port stays worth guessing: at the fastest a
   * socket asks so many in a fifth of a second, and opening one costs as much as ten questions.
   */
  dnsQuestionsPerSocket: 1_024,
  dnsSocketMs: 10_000,
  /** Tries that failed one after the other, on every server, before the network counts as offline. */
  dnsFailuresOffline: 3,
  /** One question to one nameserver asked directly; a slow one must not hold up the report. */
  dnsDirectMs: 2_500,
  /** Nameservers of one zone that are asked directly; real zones have at most a dozen, and eight show a difference. */
  directServers: 8,
  /** One page over HTTPS, from the connection to its last octet. */
  httpsMs: 6_000,
  /** Headers of one page. */
  httpsHeaderBytes: 16_384,
  /** A policy of MTA-STS has a line for each mail server; RFC 8461 §3.3 suggests 64 KiB. */
  mtaStsPolicyBytes: 65_536,
  /** A logo should be no larger than 32 KiB; twice as much is read, so that its size can be told. */
  bimiLogoBytes: 65_536,
  bimiCertificateBytes: 131_072,
  /** One mail server, from the connection to the end of the TLS handshake. */
  smtpProbeMs: 4_000,
  /** What a mail server may say before STARTTLS. */
  smtpReplyBytes: 16_384,
  /** Mail servers in a row that say not a word before port 25 counts as blocked here, and for how long. */
  smtpSilentHosts: 3,
  smtpBlockedMs: 600_000,
  /** One test of a mailbox, from the first look-up to the arrival of the test message. */
  mailTestMs: 150_000,
  /** Connecting to a mail server, all its addresses together; a distant one needs less than a second. */
  mailConnectMs: 12_000,
  /** One TLS handshake. */
  mailTlsMs: 12_000,
  /** One reply. Servers that look callers up before they greet take ten seconds and more. */
  mailReplyMs: 25_000,
  /** A server that speaks TLS from the first octet waits for us in silence: after this long a short look tells. */
  mailSilenceMs: 6_000,
  /** From the acceptance of the test message to its arrival; greylisting and scanners take up to a minute. */
  mailArrivalMs: 75_000,
  /** Between two looks for the test message. */
  mailPollMs: 2_000,
  /** A look at another port, or at the same one in another mode. */
  mailAlternativeMs: 5_000,
  /** One line of a mail server; RFC 5321 §4.5.3.1.5 allows 512 octets, capability lists are longer. */
  mailLineBytes: 8_192,
  /** One reply of several lines. */
  mailReplyBytes: 32_768,
  /** One literal of an IMAP server: the headers of one message, with room. */
  imapLiteralBytes: 262_144,
  /** One response with all its literals; a listing of thousands of folders fits. */
  imapResponseBytes: 2_097_152,
  /** Folders that are looked through for the test message. */
  mailFolders: 20,
  /** Messages looked at in one folder at one look; more than this do not come in while a test runs. */
  mailNewMessages: 50,
  /** Addresses of one mail server that are tried. */
  mailAddresses: 6,
  /** Characters kept of a server's own line. */
  evidenceCharacters: 300,
  /** Characters kept of a reply that is classified: what tells the provider stands at the end. */
  replyCharacters: 1_200,
  /** Authentication-Results fields read of one message, and characters of each. */
  authenticationResults: 10,
  authenticationResultCharacters: 8_192,
  /** One message of a warmup, from the first look-up to the server's word about it. */
  mailSendMs: 300_000,
  /** From MAIL to the reply to a whole message: content scanners take minutes (RFC 5321 §4.5.3.2.6 asks to wait ten). */
  mailMessageMs: 240_000,
  /** Messages under way at once to one host, and in all; Microsoft 365 takes three connections of a mailbox. */
  mailSendsPerHost: 3,
  mailSendsAtOnce: 16,
  /**
   * IMAP connections to one host and in all; how many of these go round among mailboxes that take turns, and as many again
   * for what is asked of these, so that nothing asked waits for hundreds of looks.
   */
  mailWatchesPerHost: 24,
  mailWatchesAtOnce: 200,
  mailTurnsPerHost: 4,
  mailTurnsAtOnce: 20,
  /** Connections being opened at once: a start with hundreds of mailboxes must not look like an attack. */
  mailOpeningsAtOnce: 12,
  /** Between two full looks at a mailbox whose connection stays; IDLE tells of the inbox in between (RFC 2177: below 29 minutes). */
  mailRoundMs: 4 * 60_000,
  /** Between two looks where the server has no IDLE, or the mailbox has no connection of its own. */
  mailTurnMs: 5 * 60_000,
  /** A server that ends IDLE sooner than this by itself does not mean it. */
  mailIdleMs: 1_000,
  /** After what was asked of a mailbox that takes turns its connection stays this long, for the next thing asked. */
  mailLingerMs: 2_000,
  /** The first and the longest wait after a connection was lost; each is four times the one before. */
  mailRetryMs: 5_000,
  mailRetryMostMs: 15 * 60_000,
  /** Longest time a server may ask to be left alone; Microsoft 365 names minutes. */
  mailRestMostMs: 60 * 60_000,
  /** What is read of the headers of one message; with signatures and chains of servers they reach 30 KiB. */
  mailHeadBytes: 65_536,
  /** Messages whose headers are fetched in one go. */
  mailHeadsAtOnce: 25,
  /** UIDs that one search looks through; its answer fits in `imapLiteralBytes`. */
  mailSearchedUids: 5_000,
  /** UIDs behind the newest that are still gone through; who is further behind begins there. */
  mailBacklogUids: 200_000,
  /** Newest messages looked at in a folder that is seen for the first time, and in one that was numbered anew. */
  mailFirstMessages: 50,
  mailRenumberedMessages: 200,
  /** Attempts at one message on which the connection breaks, or that is not taken, before it is passed over. */
  mailMessageTries: 3,
  /** One thing asked of a mailbox, the wait for a connection included. */
  mailAskMs: 90_000,
  /** One search for a Message-ID; servers without an index read every header of a folder. */
  mailSearchMs: 60_000,
  /** What is read of a message that a partner's mailbox sent: texts of a warmup have 4 KiB with everything they quote. */
  mailGuestTextBytes: 65_536,
  /** Folders that are searched for a message beside inbox, junk and ours. */
  mailSearchedFolders: 40,
  /** The oldest messages of our folder that are looked at when it is tidied. */
  mailTidiedMessages: 2_000,
  /** Matches of one search that are looked at. */
  mailSearchMatches: 5,
  /** What is read of a message in one piece. */
  mailReadPieceBytes: 131_072,
  /** Connections to one mail host, of which one is for looks, and tests, under way at once when many are tested. */
  mailConnectionsPerHost: 7,
  mailTestsAtOnce: 24,
  /** Certificates kept of one chain. */
  certificateChain: 6,
  /** One search for the servers of a mailbox, all its sources together. */
  discoveryMs: 15_000,
  /** A configuration for mail programs; the largest public ones have 8 KiB. */
  autoconfigBytes: 65_536,
  /** Elements within elements of one; real ones have six. */
  autoconfigDepth: 20,
  /** Servers read from one; real ones have a handful. */
  autoconfigServers: 50,
  /** One server that is only guessed at, from the connection to its greeting. */
  greetingMs: 5_000,
  /** What such a server may say; greetings and EHLO replies are far shorter. */
  greetingBytes: 8_192,
  /** A sign-in in the browser, with passwords to be looked for and second factors to be fetched. */
  signInMs: 5 * 60_000,
  /** Requests taken at the address a sign-in comes back to; browsers ask for an icon too. */
  signInRequests: 20,
  signInRequestBytes: 16_384,
  /** One answer of an authorisation server. */
  tokenMs: 15_000,
  tokenBytes: 65_536,
  /** An access token that ends sooner than this is renewed before it is used. */
  tokenAheadMs: 5 * 60_000,
  /** One request to the tenant API, from the connection to the last octet of its answer, redirects included. */
  tenantRequestMs: 10_000,
  /** One question to it with all its tries and pauses; a person who pressed "sync now" is watching. */
  tenantQuestionMs: 30_000,
  /** A listing with all its pages. */
  tenantListingMs: 5 * 60_000,
  tenantTries: 3,
  /** Before the second try, doubled for each further one and spread over the whole span; what a server asks for counts. */
  tenantPauseMs: 500,
  tenantLongestPauseMs: 5_000,
  /** The longest wait that a server's Retry-After is believed for. */
  tenantRetryAfterMs: 60 * 60_000,
  /** One answer; a page of 200 domains with 100 accounts each has 3 MB. */
  tenantAnswerBytes: 8_000_000,
  /** Values within values; what is read of an answer has five levels. */
  tenantAnswerDepth: 32,
  tenantRedirects: 3,
  /** Domains asked for in one page, and in all; pages may be shorter than asked for, but not for ever. */
  tenantPageDomains: 200,
  tenantDomains: 100_000,
  tenantPages: 2_000,
  /** Listings begun anew because something changed while they were paged. */
  tenantListings: 4,
  /** Characters of a URL, of a token and of a tenant id that a person may enter. */
  tenantUrlCharacters: 2_000,
  tenantTokenCharacters: 8_000,
  /** DNS names in an SPF tree; RFC 7208 stops at 10, and going on shows the cost, but not for ever. */
  spfTreeLookups: 40,
  /** Include depth that is still followed. */
  spfDepth: 12,
  /** One check_host, all its questions together: RFC 7208 §4.6.4 asks for at least 20 seconds. */
  checkHostMs: 20_000,
  /** One audit, all its questions together. */
  auditMs: 30_000,
  /** Domains whose daily and nightly work is planned in one go: few enough that nothing waits for it. */
  domainsPlannedAtOnce: 1_000,
  /** Audits that run at once when many are queued. */
  auditsAtOnce: 12,
  /** One look at every blacklist for all targets of a domain; at one question a second a zone, 64 targets need minutes. */
  blacklistSweepMs: 5 * 60_000,
  /** Operators block who asks faster (field practice: at most one question a second). */
  blacklistPaceMs: 1_000,
  /** Sweeps of many domains under way at once; they wait for the same zones anyway. */
  blacklistSweepsAtOnce: 2,
  /** Targets of one sweep. */
  blacklistTargets: 64,
  /** Addresses of one SPF range that are looked up one by one: a /28. */
  blacklistRangeAddresses: 16,
  /** MX hosts whose addresses are looked up for information. */
  blacklistMxHosts: 4,
  /** Characters kept of a list's own words about a listing. */
  blacklistTextCharacters: 300,
  /** Lists a person may add. */
  blacklistCustomLists: 50,
  /** Characters of a zone file: the export of 20,000 domains with a kilobyte each, and a bound on what is held at once. */
  zoneFileCharacters: 30_000_000,
  /** Records read from zone files. */
  zoneRecords: 500_000,
  /** Problems after which a zone file is not read on; a file that is none has one a line. */
  zoneProblems: 200,
  /** Characters of a snapshot: the answers of some 5,000 audits. */
  snapshotCharacters: 200_000_000,
  /** Domains of one file that the window audits and holds; the command line has no such bound. */
  fileDomainsInWindow: 200,
  /** Lines read from one import. */
  importLines: 20_000,
  /** Rows of one list of mailboxes, and the characters of one row (a signature may be long). */
  mailboxImportRows: 10_000,
  mailboxImportRowCharacters: 16_000,
  /** How long a list that was read, or a draft that was tested, waits to be added. */
  mailboxDraftMs: 60 * 60_000,
  /** Drafts that wait at once; a person tries a few settings. */
  mailboxDrafts: 20,
  /** Events kept of one mailbox. */
  mailboxEventsKept: 200,
  /** Re-checks of logins under way at once. */
  mailboxRechecksAtOnce: 4,
  /** Domains whose servers are looked up at once for an import. */
  mailboxDiscoveriesAtOnce: 4,
  /** Reports kept for each domain. */
  reportsPerDomain: 30,
  /** Hosts kept in the network log: all that 10,000 domains lead to, in an answer that fits one frame of the wire. */
  networkContacts: 50_000,
  /** Rows kept in the change feed; a reader further behind starts afresh. */
  changesKept: 200_000,
  /** Pages of the feed a reader may leave unacknowledged. */
  feedCreditPages: 8,
  /** Rows in the first page for a new reader: what fills a tall window, and no more. */
  feedFirstRows: 60,
  /** Rows in one page of the feed. */
  feedPageRows: 500,
  /** One frame from a window; the largest honest one is an import of two million characters, each escaped. */
  wireFrameBytes: 16_000_000,
  wireFrameCharacters: 16_000_000,
  /** Bytes a peer may leave unread before it is cut off; the feed waits for its reader long before. */
  wireUnsentBytes: 64_000_000,
  /** What is read of one message to learn what it reports; the reason stands before the returned copy. */
  mailReadBytes: 4_000_000,
  mailHeaderBytes: 512_000,
  /** Parts within parts; a bounce of a forwarded bounce has six. */
  mailPartsDepth: 20,
  /** Text of one message that patterns are run over, and its longest line. */
  mailTextCharacters: 400_000,
  mailLineCharacters: 2_000,
  /** Recipients read from one report; a server that names more is no mail server. */
  mailReportRecipients: 1_000,
  /** A file with DMARC reports as it comes: mail servers take no larger message than that, and real reports have kilobytes. */
  dmarcFileBytes: 10_000_000,
  /** One report as XML, and all of one file together: 20,000 records of half a kilobyte each. */
  dmarcDocumentBytes: 10_000_000,
  dmarcInflatedBytes: 30_000_000,
  /**
   * How many times its size one may inflate to; below the floor it may be more. Thousands of alike records reach 60, and
   * a deflate stream can reach 1,032.
   */
  dmarcInflateRatio: 200,
  dmarcInflateFloorBytes: 1_000_000,
  /** Entries of one archive, and reports attached to one message; reporters send one. */
  dmarcParts: 200,
  /** Elements within elements; those of RFC 9990 need six, extensions more. */
  dmarcDepth: 24,
  /** Marks of elements in one report, so that its tree stays within some hundred megabytes; a record has about 40. */
  dmarcMarks: 1_000_000,
  /** Records of one report. */
  dmarcRecords: 20_000,
  /** Results of one record that are kept; RFC 9990 §3.1.3 asks reporters for at most 100 signatures. */
  dmarcResults: 20,
  /** Characters kept of a name, an id or an error in a report. */
  dmarcTextCharacters: 255,
  dmarcErrors: 10,
  /** How long reports are kept: thirteen months, so that a month can be set beside the same one of last year. */
  dmarcKeptDays: 396,
  /** Senders that a summary tells one by one. */
  dmarcSources: 200,
  /** Rows of reports that one summary is made of; the busiest come first. */
  dmarcSummaryRows: 50_000,
  /** Messages of a folder that one reading looks at, and attachments it takes; the rest waits for the next. */
  dmarcMessagesPerReading: 1_000,
  dmarcAttachmentsPerReading: 200,
  /** Messages asked about in one command. */
  dmarcMessagesAtOnce: 100,
  /** One reading of a folder, from the connection to its last attachment. */
  dmarcReadingMs: 5 * 60_000,
  /** Mailboxes read for reports at once. */
  dmarcReadingsAtOnce: 2,
  /** What the mail servers of the demo take: its own client is the only one that knows their ports, and needs far less. */
  demoConnections: 100,
  demoFolders: 20,
  demoMessages: 2_000,
  demoLineBytes: 16_384,
  demoLiterals: 20,
  demoMessageBytes: 1_000_000,
} as const
