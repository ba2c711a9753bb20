import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { failureToldCode } from '../../src-main/hosts/exit-codes.ts'
import type { PageFiles } from '../../src-main/hosts/page-files.ts'
import * as double from '../helpers/electron-double.ts'

vi.mock('electron', () => import('../helpers/electron-double.ts'))
vi.mock('electron-store', async () => ({ default: (await import('../helpers/electron-double.ts')).Store }))

const { electron, preventable } = double
const { runElectronHost } = await import('../../src-main/hosts/electron/host.ts')
const { servePage } = await import('../../src-main/hosts/electron/page-protocol.ts')
const { openLink } = await import('../../src-main/hosts/electron/links.ts')

let dataDir = ''

beforeEach(() => {
  double.resetElectron()
  dataDir = mkdtempSync(join(tmpdir(), 'rookery-'))
  electron.switches.set('data-dir', dataDir)
})
afterEach(() => rmSync(dataDir, { recursive: true, force: true }))

/** Starts the host and returns its window and engine, as Electron would hold them. */
async function start() {
  await runElectronHost()
  const [window] = electron.windows
  const [child] = electron.children
  if (!window || !child) throw new Error('the host opened no window or started no engine')
  return { window, child, contents: window.webContents }
}

const ask = (contents: double.WebContents, senderFrame: object | null = contents.mainFrame) =>
  double.ipcMain.emit('rookery-connect', { sender: contents, senderFrame })

describe('the start', () => {
  it('opens one sandboxed window on the page’s own scheme', async () => {
    const { window, contents } = await start()
    expect(electron.sandboxed).toBe(true)
    expect(electron.schemes).toEqual([
      { scheme: 'rookery', privileges: expect.objectContaining({ standard: true, secure: true }) },
    ])
    expect(electron.schemes[0]?.privileges).not.toHaveProperty('bypassCSP')
    expect(contents.url).toBe('rookery://app/')
    expect(window.options.webPreferences).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
      preload: expect.stringMatching(/preload\.cjs$/),
    })
    expect(window.options.show).toBe(false)
    window.emit('ready-to-show')
    expect(window.shown).toBe(1)
  })

  it('tells the engine which folder is its own, and keeps the window’s state beside it', async () => {
    const { child } = await start()
    expect(child.entry).toMatch(/engine-process\.js$/)
    expect(child.received[0]?.message).toMatchObject({
      kind: 'start',
      dataDir,
      host: { opensLinks: 'host' },
      workspace: 'own',
    })
    expect(electron.paths.get('userData')).toBe(join(dataDir, 'window'))
  })

  it('ends at once when another instance holds the folder, which then shows its window', async () => {
    electron.firstInstance = false
    await runElectronHost()
    expect(electron.exits).toEqual([0])
    expect([electron.windows, electron.children]).toEqual([[], []])
  })

  it('brings its window forward for a second start', async () => {
    const { window } = await start()
    window.minimized = true
    double.app.emit('second-instance')
    expect(window).toMatchObject({ minimized: false, shown: 1, focused: 1 })
    expect(electron.windows).toHaveLength(1)
  })
})

describe('what the page may not do', () => {
  const elsewhere = ['https://example.com/', 'file:///etc/passwd', 'rookery://other/', 'javascript:alert(1)']

  it.each(elsewhere)('navigate to %s', async url => {
    const { contents } = await start()
    for (const name of ['will-navigate', 'will-redirect', 'will-frame-navigate']) {
      const event = preventable({ url, isMainFrame: true })
      contents.emit(name, event)
      expect(event.prevented).toBe(true)
    }
  })

  it('open windows, embed pages, or load a frame; but reload itself', async () => {
    const { contents } = await start()
    expect(contents.windowOpen?.({ url: 'rookery://app/' })).toEqual({ action: 'deny' })
    const webview = preventable({})
    contents.emit('will-attach-webview', webview)
    expect(webview.prevented).toBe(true)
    const frame = preventable({ url: 'rookery://app/', isMainFrame: false })
    contents.emit('will-frame-navigate', frame)
    expect(frame.prevented).toBe(true)
    const reload = preventable({ url: 'rookery://app/', isMainFrame: true })
    for (const name of ['will-navigate', 'will-frame-navigate']) contents.emit(name, reload)
    expect(reload.prevented).toBe(false)
  })

  it('get a permission, but for its copy buttons', async () => {
    await start()
    const { defaultSession } = double.session
    const request = defaultSession.permissionRequest as unknown as (
      contents: null,
      permission: string,
      answer: (granted: boolean) => void,
      details: { isMainFrame: boolean; requestingUrl: string },
    ) => void
    const granted = (permission: string, requestingUrl = 'rookery://app/', isMainFrame = true) => {
      let answer: boolean | null = null
      request(null, permission, value => (answer = value), { isMainFrame, requestingUrl })
      return answer
    }
    for (const permission of [
      'media',
      'geolocation',
      'notifications',
      'clipboard-read',
      'openExternal',
      'hid',
    ]) {
      expect(granted(permission)).toBe(false)
    }
    expect(granted('clipboard-sanitized-write')).toBe(true)
    expect(granted('clipboard-sanitized-write', 'https://example.com/')).toBe(false)
    expect(granted('clipboard-sanitized-write', 'rookery://app/', false)).toBe(false)
    const check = defaultSession.permissionCheck as unknown as (...values: unknown[]) => boolean
    expect(check(null, 'media', 'rookery://app')).toBe(false)
    expect(check(null, 'clipboard-sanitized-write', 'rookery://app')).toBe(true)
    expect(check(null, 'clipboard-sanitized-write', 'https://example.com')).toBe(false)
    expect(defaultSession.device?.()).toBe(false)
    expect(defaultSession.spellChecker).toBe(false)
  })

  it.each([
    ['rookery://app/assets/a.js', false],
    ['data:image/png;base64,AA==', false],
    ['https://example.com/', true],
    ['http://127.0.0.1:7468/', true],
    ['ws://127.0.0.1/', true],
    ['file:///etc/passwd', true],
    ['data:text/html,x', true],
    ['rookery://app.example/', true],
  ])('request %s is cancelled: %s', async (url, cancelled) => {
    await start()
    let cancel: boolean | null = null
    double.session.defaultSession.beforeRequest?.({ url }, answer => (cancel = answer.cancel))
    expect(cancel).toBe(cancelled)
  })

  it('download', async () => {
    await start()
    const event = preventable({})
    double.session.defaultSession.emit('will-download', event)
    expect(event.prevented).toBe(true)
  })
})

const file = (text: string, type: string) => ({
  body: Buffer.from(text),
  headers: { 'content-type': type },
})

describe('the page’s files', () => {
  const files: PageFiles = new Map([
    ['/index.html', file('<p>page</p>', 'text/html')],
    ['/assets/a.js', file('1', 'text/javascript')],
  ])
  const get = (url: string, init?: RequestInit) => {
    servePage(async () => files)
    return electron.handlers.get('rookery')?.(new Request(url, init))
  }

  it('come with a policy that lets the page connect to nothing', async () => {
    const answer = await get('rookery://app/')
    expect(await answer?.text()).toBe('<p>page</p>')
    expect(answer?.headers.get('content-security-policy')).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'none'; img-src 'self' data:; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    )
    expect(answer?.headers.get('x-content-type-options')).toBe('nosniff')
  })

  it.each([
    ['rookery://app/domains/7', 200],
    ['rookery://app/assets/a.js?x=1', 200],
    ['rookery://app/assets/none.js', 404],
    ['rookery://app/../package.json', 404],
    ['rookery://app/%2e%2e/%2e%2e/package.json', 404],
    ['rookery://app/..%2f..%2fetc%2fpasswd', 404],
    ['rookery://other/', 404],
  ])('%s answers %d', async (url, status) => {
    expect((await get(url))?.status).toBe(status)
  })

  it('are read only', async () => {
    expect((await get('rookery://app/', { method: 'POST' }))?.status).toBe(404)
  })
})

describe('the wire', () => {
  it('is one channel, an end for the engine and an end for the page that asked', async () => {
    const { child, contents } = await start()
    ask(contents)
    const connect = child.received.find(({ message }) => message.kind === 'connect')
    expect(contents.posted).toHaveLength(1)
    expect(contents.posted[0]).toMatchObject({ channel: 'rookery-port' })
    expect(connect?.ports[0]?.peer).toBe(contents.posted[0]?.ports[0])
  })

  it('is refused to frames, to other addresses and to contents that are no window', async () => {
    const { contents } = await start()
    ask(contents, null)
    ask(contents, { url: 'rookery://app/' })
    contents.mainFrame.url = 'https://example.com/'
    ask(contents)
    const stranger = new double.WebContents()
    stranger.url = stranger.mainFrame.url = 'rookery://app/'
    ask(stranger)
    expect([contents.posted, stranger.posted]).toEqual([[], []])
  })

  it('replaces the one before, as after a reload', async () => {
    const { child, contents } = await start()
    ask(contents)
    ask(contents)
    expect(child.received.map(({ message }) => message).slice(1)).toEqual([
      { kind: 'connect', wire: 1 },
      { kind: 'disconnect', wire: 1 },
      { kind: 'connect', wire: 2 },
    ])
    expect(contents.posted).toHaveLength(2)
  })
})

describe('an engine that crashes', () => {
  it('is started again, and the page that asked meanwhile is connected', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout'] })
    try {
      const { child, contents } = await start()
      child.emit('exit', 11)
      ask(contents)
      expect(contents.posted).toEqual([])
      vi.advanceTimersByTime(1_000)
      expect(electron.children).toHaveLength(2)
      expect(electron.children[1]?.received.map(({ message }) => message.kind)).toEqual(['start', 'connect'])
      expect(contents.posted).toHaveLength(1)
    } finally {
      vi.useRealTimers()
    }
  })

  it('again and again ends with a sentence instead of a loop', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout'] })
    try {
      await start()
      for (let i = 0; i < 20; i++) {
        electron.children.at(-1)?.emit('exit', 11)
        vi.advanceTimersByTime(10_000)
      }
      expect(electron.children.length).toBeLessThan(10)
      expect(electron.errors).toHaveLength(1)
      expect(electron.exits).toEqual([failureToldCode])
    } finally {
      vi.useRealTimers()
    }
  })

  it('or will not start says why, once, and the app ends', async () => {
    const { child } = await start()
    const failure = { code: 'data-folder-locked', retry: 'later', detail: { pid: 7 } }
    child.emit('message', { kind: 'failed', failure })
    child.emit('exit', 0)
    expect(electron.errors).toHaveLength(1)
    expect(electron.errors[0]?.join(' ')).not.toMatch(/undefined|data-folder-locked/)
    expect(electron.exits).toEqual([failureToldCode])
    expect(electron.children).toHaveLength(1)
  })
})

const engineStatus = {
  queriesInFlight: 0,
  checksRunning: 0,
  checksQueued: 0,
  network: 'online',
  vault: { state: 'open' },
}

function trayOf(): double.Tray {
  const [tray] = electron.trays
  if (tray === undefined) throw new Error('the host shows no tray')
  return tray
}

const keepRunning = () =>
  trayOf().menu.find(({ label }) => label === 'Keep running when the window is closed')

function closeWindow(window: double.BrowserWindow): void {
  window.emit('close')
  electron.windows.splice(electron.windows.indexOf(window), 1)
  double.app.emit('window-all-closed')
}

describe('the tray', () => {
  it('says how the engine is, and begins anew with an engine that crashed', async () => {
    const { child } = await start()
    const tray = trayOf()
    expect(tray.menu[0]).toMatchObject({ label: 'Starting', enabled: false })
    child.emit('message', { kind: 'status', status: engineStatus })
    expect(tray.menu[0]?.label).toBe('Ready')
    expect(tray.toolTip).toBe('Rookery: Ready')
    const before = tray.menu
    child.emit('message', { kind: 'status', status: { ...engineStatus, queriesInFlight: 7 } })
    expect(tray.menu).toBe(before)
    child.emit('message', { kind: 'status', status: { ...engineStatus, checksQueued: 2 } })
    expect(tray.menu[0]?.label).toBe('Checking domains')
    child.emit('exit', 11)
    expect(tray.menu[0]?.label).toBe('Starting')
  })

  it('opens the window and quits', async () => {
    const { window } = await start()
    const tray = trayOf()
    const focusedBefore = window.focused
    tray.choose('Open Rookery')
    tray.emit('click')
    expect(window.focused).toBe(focusedBefore + 2)
    tray.choose('Quit')
    await vi.waitFor(() => expect(electron.quits).toBe(1))
  })

  it('lets the engine go on without a window once that was chosen, and keeps the choice', async () => {
    vi.spyOn(process, 'platform', 'get').mockReturnValue('linux')
    const { window, child } = await start()
    expect(keepRunning()?.checked).toBe(false)
    trayOf().choose('Keep running when the window is closed')
    closeWindow(window)
    expect(child.received.map(({ message }) => message.kind)).not.toContain('stop')
    trayOf().choose('Open Rookery')
    expect(electron.windows).toHaveLength(1)

    expect(electron.kept.get('keepsRunning')).toBe(true)
    vi.restoreAllMocks()
  })

  it('quits with the window again when the choice is taken back', async () => {
    vi.spyOn(process, 'platform', 'get').mockReturnValue('linux')
    electron.kept.set('keepsRunning', true)
    const { window } = await start()
    expect(keepRunning()?.checked).toBe(true)
    trayOf().choose('Keep running when the window is closed')
    closeWindow(window)
    await vi.waitFor(() => expect(electron.quits).toBe(1))
    vi.restoreAllMocks()
  })

  it('is done without where there is no place for it: closing the window quits', async () => {
    vi.spyOn(process, 'platform', 'get').mockReturnValue('linux')
    electron.hasTray = false
    electron.kept.set('keepsRunning', true)
    const { window } = await start()
    closeWindow(window)
    await vi.waitFor(() => expect(electron.quits).toBe(1))
    vi.restoreAllMocks()
  })
})

describe('notifications', () => {
  it('are shown for the engine, and a click brings the window forward', async () => {
    const { child, window } = await start()
    child.emit('message', { kind: 'notify', notification: { title: 'example.com', body: 'Listed.' } })
    const [shown] = electron.notifications
    expect(shown?.options).toEqual({ title: 'example.com', body: 'Listed.' })
    const focusedBefore = window.focused
    shown?.emit('click')
    expect(window.focused).toBe(focusedBefore + 1)
  })
})

describe('links', () => {
  it('are opened for the engine, which hears how it went', async () => {
    const { child } = await start()
    child.emit('message', { kind: 'open', call: 3, url: 'https://www.rfc-editor.org/rfc/rfc7208' })
    await vi.waitFor(() =>
      expect(child.received.at(-1)?.message).toEqual({ kind: 'opened', call: 3, opened: true }),
    )
    expect(electron.opened).toEqual(['https://www.rfc-editor.org/rfc/rfc7208'])
  })

  it.each([
    'http://example.com/',
    'file:///etc/passwd',
    'smb://host/x',
    'https://user:pass@example.com/',
    'x',
  ])('%s is not opened', async url => {
    expect(await openLink(url)).toBe(false)
    expect(electron.opened).toEqual([])
  })
})

describe('quitting', () => {
  it('waits for the engine to put everything away', async () => {
    const { child } = await start()
    double.app.quit()
    double.app.quit()
    expect(electron.quits).toBe(0)
    await vi.waitFor(() => expect(electron.quits).toBe(1))
    expect(child.received.filter(({ message }) => message.kind === 'stop')).toHaveLength(1)
    expect(child.killed).toBe(false)
  })

  it('keeps where the window stood, and opens it there again', async () => {
    const { window } = await start()
    window.emit('close')
    electron.windows.length = 0
    await runElectronHost()
    expect(electron.windows[0]?.options).toMatchObject({ x: 10, y: 20, width: 1000, height: 700 })
  })
})

it('reads its page from the folder beside it', async () => {
  const { readPageFiles } = await import('../../src-main/hosts/page-files.ts')
  mkdirSync(join(dataDir, 'assets'))
  writeFileSync(join(dataDir, 'index.html'), 'page')
  writeFileSync(join(dataDir, 'assets', 'a-1.js'), '1')
  const files = await readPageFiles(dataDir)
  expect([...files.keys()].toSorted()).toEqual(['/assets/a-1.js', '/index.html'])
  expect(files.get('/assets/a-1.js')?.headers['cache-control']).toMatch(/immutable/)
  expect(files.get('/index.html')?.headers['cache-control']).toBe('no-store')
})
