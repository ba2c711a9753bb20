import { join } from 'node:path'
import { BrowserWindow, nativeTheme, screen } from 'electron'
import { pageAddress } from './page-protocol.ts'
import { fitBounds, leastSize } from './window-bounds.ts'
import { openWindowState } from './window-state.ts'

/** Room for the system's window buttons that lie over the page, in CSS pixels. */
export function titleBarInset(platform: string): { left: number; right: number } {
  return platform === 'darwin' ? { left: 78, right: 0 } : { left: 0, right: 0 }
}

/** Opens the window where it last stood, hidden until it has something to show. */
export function openWindow(platform: string): BrowserWindow {
  const store = openWindowState()
  const bounds = fitBounds(
    store.get('bounds'),
    screen.getAllDisplays().map(display => display.workArea),
  )
  const window = new BrowserWindow({
    ...bounds,
    minWidth: leastSize.width,
    minHeight: leastSize.height,
    show: false,
    title: 'Rookery',
    // The page's own ground colours, so that nothing flashes before its first frame.
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#10171e' : '#ffffff',
    ...(platform === 'darwin' ? { titleBarStyle: 'hiddenInset' } : {}),
    webPreferences: {
      preload: join(import.meta.dirname, 'preload.cjs'),
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInSubFrames: false,
      nodeIntegrationInWorker: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      webviewTag: false,
      spellcheck: false,
      navigateOnDragDrop: false,
      safeDialogs: true,
    },
  })
  if (store.get('maximized') === true) window.maximize()
  window.on('close', () => {
    store.set('bounds', window.getNormalBounds())
    store.set('maximized', window.isMaximized())
  })
  window.once('ready-to-show', () => window.show())
  window.webContents.on('render-process-gone', (_event, details) => {
    if (details.reason !== 'clean-exit' && !window.isDestroyed()) window.webContents.reload()
  })
  void window.loadURL(pageAddress).catch(() => {})
  return window
}
