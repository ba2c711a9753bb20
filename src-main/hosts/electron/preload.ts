import { ipcRenderer } from 'electron'

/** What this file needs of the page's window; the rest of the DOM is none of the main process's business. */
declare const window: {
  readonly location: { readonly origin: string }
  postMessage(message: unknown, targetOrigin: string, ports: readonly unknown[]): void
  addEventListener(type: 'message', listener: (event: { source: unknown; data: unknown }) => void): void
}

// All that crosses from Electron into the page: a port to the engine, each time the page asks for one. The kinds are
// those of src-renderer/client/wire.ts.
window.addEventListener('message', ({ source, data }) => {
  if (source === window && isRequest(data)) ipcRenderer.send('rookery-connect')
})
ipcRenderer.on('rookery-port', event => {
  window.postMessage({ kind: 'rookery-port' }, window.location.origin, [...event.ports])
})

function isRequest(data: unknown): boolean {
  return typeof data === 'object' && data !== null && 'kind' in data && data.kind === 'rookery-port-please'
}
