import { isLoopback } from './loopback.ts'

/** The variables a proxy is read from; upper and lower case mean the same, and lower case counts first. */
export type ProxyEnvironment = Readonly<Record<string, string | undefined>>

/**
 * The proxy that an https URL is reached through by HTTPS_PROXY and NO_PROXY, or null for none. `NO_PROXY` holds names, each
 * with all below it, addresses, `*` for everything, each with a port or without. This machine is never reached through one,
 * and plain http is for this machine alone, so HTTP_PROXY leads nowhere.
 */
export function proxyOf(url: URL, environment: ProxyEnvironment): string | null {
  if (url.protocol !== 'https:' || isLoopback(url.hostname)) return null
  const proxy = setting(environment, 'https_proxy')
  if (proxy === null) return null
  const left = (setting(environment, 'no_proxy') ?? '').split(/[\s,]+/).filter(entry => entry !== '')
  if (left.some(entry => isMeant(entry, url))) return null
  // Many programs take a host and a port alone.
  return proxy.includes('://') ? proxy : `http://${proxy}`
}

function setting(environment: ProxyEnvironment, name: string): string | null {
  const value = (environment[name] ?? environment[name.toUpperCase()] ?? '').trim()
  return value === '' ? null : value
}

function isMeant(entry: string, url: URL): boolean {
  if (entry === '*') return true
  const [, name = entry, port] = /^(\[[^\]]*\]|[^:]*)(?::(\d+))?$/.exec(entry) ?? []
  if (port !== undefined && port !== (url.port === '' ? '443' : url.port)) return false
  const host = bare(url.hostname)
  const meant = bare(name.replace(/^\*?\./, ''))
  return meant !== '' && (host === meant || host.endsWith(`.${meant}`))
}

function bare(host: string): string {
  return host
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '')
}
