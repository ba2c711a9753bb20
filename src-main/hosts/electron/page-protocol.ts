import { protocol } from 'electron'
import { findPageFile, type PageFiles, securityHeaders } from '../page-files.ts'

const pageScheme = 'rookery'
const pageOrigin = `${pageScheme}://app`
export const pageAddress = `${pageOrigin}/`

/** Must run before the app is ready. */
export function registerPageScheme(): void {
  protocol.registerSchemesAsPrivileged([
    {
      scheme: pageScheme,
      privileges: { standard: true, secure: true, supportFetchAPI: true, corsEnabled: true, codeCache: true },
    },
  ])
}

/** Serves the built window, and only it, under `rookery://app/`. The page may connect to nothing: its wire is a port. */
export function servePage(files: () => Promise<PageFiles>): void {
  protocol.handle(pageScheme, async request => {
    const headers = { ...securityHeaders("'none'"), 'cache-control': 'no-store' }
    if (request.method !== 'GET' || !isOurPage(request.url))
      return new Response(null, { status: 404, headers })
    const file = findPageFile(await files(), new URL(request.url).pathname)
    if (!file) return new Response(null, { status: 404, headers })
    return new Response(new Uint8Array(file.body), { headers: { ...headers, ...file.headers } })
  })
}

/** Whether an address is one of the window's own. Written out because `URL.origin` is "null" for a scheme it does not know. */
export function isOurPage(address: string): boolean {
  const url = URL.parse(address)
  return url !== null && url.protocol === `${pageScheme}:` && url.host === 'app'
}
