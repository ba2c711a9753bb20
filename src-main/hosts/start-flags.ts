import { resolve } from 'node:path'
import { parseArgs } from 'node:util'

export type StartFlags = {
  readonly headless: boolean
  readonly port: number
  readonly listen: string
  /** Absolute, or null for the system's folder. */
  readonly dataDir: string | null
  /** Open the demo workspace instead of the person's own domains. */
  readonly demo: boolean
  /** Audits ask the DNS servers and contact nothing else. */
  readonly dnsOnly: boolean
  readonly open: boolean
  /** Unlock the vault with the first line of standard input. */
  readonly passphraseStdin: boolean
  readonly verbose: boolean
  readonly help: boolean
}

const defaultPort = 7468

export const startUsage = `Usage: npm start -- [options]

  --headless        serve the window to a browser, even where Electron could open one
  --port N          port of the headless host (default ${defaultPort}; 0 takes any free one)
  --listen ADDRESS  address of the headless host (default 127.0.0.1, this machine only)
  --data-dir DIR    folder of the data (default: the system's folder for applications)
  --demo            open the demo workspace: a dozen domains with typical faults, without a network
  --dns-only        ask DNS servers alone: no nameserver directly, no HTTPS, no mail server
  --no-open         print the address without opening a browser
  --passphrase-stdin
                    with --headless: unlock the vault with the first line of standard input
  --verbose         log what happens, not only what goes wrong
  --help            print this
`

const options = {
  headless: { type: 'boolean' },
  port: { type: 'string' },
  listen: { type: 'string' },
  'data-dir': { type: 'string' },
  demo: { type: 'boolean' },
  'dns-only': { type: 'boolean' },
  'no-open': { type: 'boolean' },
  'passphrase-stdin': { type: 'boolean' },
  verbose: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const

export type ParsedFlags =
  | { readonly ok: true; readonly flags: StartFlags }
  | { readonly ok: false; readonly message: string }

/** Reads the command line of `npm start`. The message names what is wrong with it. */
export function parseStartFlags(args: readonly string[], workingDir: string): ParsedFlags {
  const { tokens } = parseArgs({
    args: [...args],
    options,
    strict: false,
    allowPositionals: true,
    tokens: true,
  })
  const values: Record<string, string | true> = {}
  for (const token of tokens) {
    if (token.kind === 'positional') return wrong(`“${token.value}” is not an option.`)
    if (token.kind !== 'option') continue
    const known = Object.hasOwn(options, token.name) ? options[token.name as keyof typeof options] : undefined
    if (!known) return wrong(`There is no option ${token.rawName}.`)
    if (known.type === 'boolean' && token.value !== undefined)
      return wrong(`${token.rawName} takes no value.`)
    if (known.type === 'string' && !token.value) return wrong(`${token.rawName} needs a value.`)
    values[token.name] = token.value ?? true
  }
  const port = typeof values.port === 'string' ? readPort(values.port) : defaultPort
  if (port === null) return wrong('--port needs a number from 0 to 65535.')
  if (values['passphrase-stdin'] === true && values.headless !== true)
    return wrong('--passphrase-stdin goes with --headless. A window asks for the passphrase itself.')
  return {
    ok: true,
    flags: {
      headless: values.headless === true,
      port,
      listen: typeof values.listen === 'string' ? values.listen : '127.0.0.1',
      dataDir: typeof values['data-dir'] === 'string' ? resolve(workingDir, values['data-dir']) : null,
      demo: values.demo === true,
      dnsOnly: values['dns-only'] === true,
      open: values['no-open'] !== true,
      passphraseStdin: values['passphrase-stdin'] === true,
      verbose: values.verbose === true,
      help: values.help === true,
    },
  }
}

const wrong = (message: string): ParsedFlags => ({ ok: false, message })

function readPort(text: string): number | null {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN
  return port <= 65_535 ? port : null
}
