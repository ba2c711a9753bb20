import type { Session, WebContents } from 'electron'
import { isOurPage } from './page-protocol.ts'

/** The one permission the window has use for: its copy buttons. */
const granted = 'clipboard-sanitized-write'

/** Closes what a session would allow by default: permissions, devices, downloads, and every request but for the page. */
export function refuseInSession(session: Session): void {
  session.setPermissionRequestHandler((_contents, permission, answer, details) => {
    answer(permission === granted && details.isMainFrame && isOurPage(details.requestingUrl))
  })
  session.setPermissionCheckHandler(
    (_contents, permission, origin) => permission === granted && isOurPage(`${origin}/`),
  )
  session.setDevicePermissionHandler(() => false)
  session.on('will-download', event => event.preventDefault())
  // Chromium would fetch dictionaries from a server of its maker.
  session.setSpellCheckerEnabled(false)
  session.webRequest.onBeforeRequest((details, answer) => answer({ cancel: !isAllowedRequest(details.url) }))
}

function isAllowedRequest(address: string): boolean {
  return isOurPage(address) || address.startsWith('devtools://') || address.startsWith('data:image/')
}

/** Keeps contents on the page they were made for: no other page, no new window, no embedded one. */
export function refuseInContents(contents: WebContents): void {
  contents.setWindowOpenHandler(() => ({ action: 'deny' }))
  contents.on('will-attach-webview', event => event.preventDefault())
  contents.on('will-navigate', event => {
    if (!isOurPage(event.url)) event.preventDefault()
  })
  contents.on('will-redirect', event => {
    if (!isOurPage(event.url)) event.preventDefault()
  })
  contents.on('will-frame-navigate', event => {
    if (!event.isMainFrame || !isOurPage(event.url)) event.preventDefault()
  })
}
