import { homedir } from 'node:os'
import { join } from 'node:path'
import { app, BrowserWindow, dialog, ipcMain, type IpcMainEvent, Menu, session } from 'electron'
import type { Failure } from '#shared/failure.ts'
import { failureWords } from '#shared/words/failures.ts'
import { defaultDataFolder } from '../data-folder.ts'
import { failureToldCode } from '../exit-codes.ts'
import { type PageFiles, readPageFiles } from '../page-files.ts'
import { type EngineLink, startEngineProcess } from './engine-link.ts'
import { openLink } from './links.ts'
import { menuTemplate } from './menu.ts'
import { isOurPage, registerPageScheme, servePage } from './page-protocol.ts'
import { refuseInContents, refuseInSession } from './refusals.ts'
import { showNotification } from './notifications.ts'
import { showTray, type TrayIcon } from './tray.ts'
import { keepsRunning, setKeepsRunning } from './window-state.ts'
import { openWindow, titleBarInset } from './window.ts'

/** Everything that must stand before Electron is ready; then the engine and the window. */
export async function runElectronHost(): Promise<void> {
  const named = app.commandLine.getSwitchValue('data-dir')
  if (named !== '') app.setPath('userData', join(named, 'window'))
  if (!app.requestSingleInstanceLock()) {
    app.exit(0)
    return
  }
  // Without a sandbox at all (root on Linux) asking for one would keep every page from starting.
  if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox()
  for (const unwanted of ['disable-background-networking', 'disable-component-update', 'no-pings']) {
    app.commandLine.appendSwitch(unwanted)
  }
  registerPageScheme()
  app.on('web-contents-created', (_event, contents) => refuseInContents(contents))

  const { platform } = process
  const dataDir = named || defaultDataFolder({ platform, home: homedir(), env: process.env })
  let engine: EngineLink | null = null
  let tray: TrayIcon | null = null
  let quitting: 'no' | 'stopping' | 'done' = 'no'

  const showWindow = () => {
    const [open] = BrowserWindow.getAllWindows()
    if (!open) return void openWindow(platform)
    if (open.isMinimized()) open.restore()
    open.show()
    open.focus()
  }
  app.on('second-instance', () => {
    if (engine !== null) showWindow()
  })
  app.on('activate', () => {
    if (engine !== null) showWindow()
  })
  app.on('window-all-closed', () => {
    if (platform !== 'darwin' && (tray === null || !keepsRunning())) app.quit()
  })
  app.on('before-quit', event => {
    if (quitting === 'done' || engine === null) return
    event.preventDefault()
    if (quitting === 'stopping') return
    quitting = 'stopping'
    void engine.stop().finally(() => {
      quitting = 'done'
      app.quit()
    })
  })
  ipcMain.on('rookery-connect', event => {
    if (isFromOurPage(event)) engine?.connect(event.sender)
  })

  await app.whenReady()
  refuseInSession(session.defaultSession)
  let files: Promise<PageFiles> | null = null
  servePage(() => (files ??= readPageFiles(join(import.meta.dirname, '..', 'renderer'))))
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(platform, !app.isPackaged)))
  engine = startEngineProcess({
    entry: join(import.meta.dirname, 'engine-process.js'),
    dataDir,
    verbose: app.commandLine.hasSwitch('verbose'),
    dnsOnly: app.commandLine.hasSwitch('dns-only'),
    host: { opensLinks: 'host', titleBarInset: titleBarInset(platform) },
    workspace: app.commandLine.hasSwitch('demo') ? 'demo' : 'own',
    now: () => Date.now(),
    openLink,
    notify: notification => showNotification(notification, showWindow),
    onStatus: status => tray?.tell(status),
    onFailure(failure) {
      dialog.showErrorBox(...failureText(failure))
      quitting = 'done'
      app.exit(failureToldCode)
    },
  })
  tray = showTray(platform, { open: showWindow, quit: () => app.quit(), keepsRunning, setKeepsRunning })
  showWindow()
}

/** Whether a message comes from the page itself: our address, the window's main frame, in a window of ours. */
function isFromOurPage({ sender, senderFrame }: Pick<IpcMainEvent, 'sender' | 'senderFrame'>): boolean {
  return (
    senderFrame !== null &&
    senderFrame === sender.mainFrame &&
    isOurPage(senderFrame.url) &&
    BrowserWindow.fromWebContents(sender) !== null
  )
}

function failureText(failure: Failure | null): [title: string, content: string] {
  if (failure === null) {
    return [
      'Rookery has to close.',
      'Its engine stopped again and again. Your data are as you left them; start Rookery once more.',
    ]
  }
  const words = failureWords[failure.code]
  return [words.title(failure.detail), words.next(failure.detail)]
}
