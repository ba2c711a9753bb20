import { EventEmitter } from 'node:events'

/**
 * Stands in for the `electron` module, which exists in Electron alone: keeps what the host registers, and lets a test
 * fire the events Electron would. Use it with `vi.mock('electron', () => import('../helpers/electron-double.ts'))`.
 */
export const electron = {
  switches: new Map<string, string>(),
  paths: new Map<string, string>(),
  schemes: [] as { scheme: string; privileges: Record<string, boolean> }[],
  handlers: new Map<string, (request: Request) => Promise<Response>>(),
  windows: [] as BrowserWindow[],
  children: [] as Child[],
  opened: [] as string[],
  errors: [] as [string, string][],
  exits: [] as number[],
  notifications: [] as Notification[],
  trays: [] as Tray[],
  hasTray: true,
  quits: 0,
  sandboxed: false,
  firstInstance: true,
  displays: [{ workArea: { x: 0, y: 0, width: 1920, height: 1040 } }],
  kept: new Map<string, unknown>(),
}

export function resetElectron(): void {
  for (const emitter of [app, ipcMain, session.defaultSession]) emitter.removeAllListeners()
  for (const map of [electron.switches, electron.paths, electron.handlers, electron.kept]) map.clear()
  for (const list of [electron.schemes, electron.windows, electron.children, electron.opened]) list.length = 0
  for (const list of [electron.errors, electron.exits, electron.notifications, electron.trays])
    list.length = 0
  Object.assign(electron, { quits: 0, sandboxed: false, firstInstance: true, hasTray: true })
}

/** An event with what `preventDefault` did to it. */
export function preventable<T extends object>(
  details: T,
): T & { preventDefault(): void; prevented: boolean } {
  const event = {
    ...details,
    prevented: false,
    preventDefault() {
      event.prevented = true
    },
  }
  return event
}

export const app = Object.assign(new EventEmitter(), {
  isPackaged: false,
  commandLine: {
    getSwitchValue: (name: string) => electron.switches.get(name) ?? '',
    hasSwitch: (name: string) => electron.switches.has(name),
    appendSwitch: (name: string) => void electron.switches.set(name, ''),
  },
  setPath: (name: string, path: string) => void electron.paths.set(name, path),
  requestSingleInstanceLock: () => electron.firstInstance,
  enableSandbox: () => {
    electron.sandboxed = true
  },
  whenReady: () => Promise.resolve(),
  exit: (code: number) => void electron.exits.push(code),
  quit: () => {
    const event = preventable({})
    app.emit('before-quit', event)
    if (!event.prevented) electron.quits++
  },
})

export const protocol = {
  registerSchemesAsPrivileged: (schemes: typeof electron.schemes) => void electron.schemes.push(...schemes),
  handle: (scheme: string, handler: (request: Request) => Promise<Response>) =>
    void electron.handlers.set(scheme, handler),
}

type Answer<T> = (value: T) => void

class Session extends EventEmitter {
  permissionRequest: ((...values: never[]) => void) | null = null
  permissionCheck: ((...values: never[]) => boolean) | null = null
  device: (() => boolean) | null = null
  spellChecker = true
  beforeRequest: ((details: { url: string }, answer: Answer<{ cancel: boolean }>) => void) | null = null
  webRequest = {
    onBeforeRequest: (listener: Session['beforeRequest']) => {
      this.beforeRequest = listener
    },
  }
  setPermissionRequestHandler(handler: (...values: never[]) => void) {
    this.permissionRequest = handler
  }
  setPermissionCheckHandler(handler: (...values: never[]) => boolean) {
    this.permissionCheck = handler
  }
  setDevicePermissionHandler(handler: () => boolean) {
    this.device = handler
  }
  setSpellCheckerEnabled(enabled: boolean) {
    this.spellChecker = enabled
  }
}
export const session = { defaultSession: new Session() }

export class WebContents extends EventEmitter {
  url = ''
  windowOpen: ((details: { url: string }) => { action: string }) | null = null
  posted: { channel: string; ports: Port[] }[] = []
  destroyed = false
  reloads = 0
  mainFrame = { url: '' }
  getURL() {
    return this.url
  }
  isDestroyed() {
    return this.destroyed
  }
  reload() {
    this.reloads++
  }
  setWindowOpenHandler(handler: NonNullable<WebContents['windowOpen']>) {
    this.windowOpen = handler
  }
  postMessage(channel: string, _message: unknown, ports: Port[]) {
    this.posted.push({ channel, ports })
  }
}

export class BrowserWindow extends EventEmitter {
  static getAllWindows = () => electron.windows
  static fromWebContents = (contents: WebContents) =>
    electron.windows.find(window => window.webContents === contents) ?? null
  readonly options: Record<string, unknown> & { webPreferences: Record<string, unknown> }
  readonly webContents = new WebContents()
  shown = 0
  focused = 0
  maximized = false
  minimized = false
  bounds = { x: 10, y: 20, width: 1000, height: 700 }
  constructor(options: BrowserWindow['options']) {
    super()
    this.options = options
    electron.windows.push(this)
    app.emit('web-contents-created', {}, this.webContents)
  }
  async loadURL(url: string) {
    this.webContents.url = url
    this.webContents.mainFrame.url = url
  }
  show() {
    this.shown++
  }
  focus() {
    this.focused++
  }
  maximize() {
    this.maximized = true
  }
  restore() {
    this.minimized = false
  }
  isMaximized() {
    return this.maximized
  }
  isMinimized() {
    return this.minimized
  }
  isDestroyed() {
    return false
  }
  getNormalBounds() {
    return this.bounds
  }
}

export class Port extends EventEmitter {
  peer: Port | null = null
}
export class MessageChannelMain {
  port1 = new Port()
  port2 = new Port()
  constructor() {
    this.port1.peer = this.port2
    this.port2.peer = this.port1
  }
}

export class Child extends EventEmitter {
  readonly entry: string
  received: { message: { kind: string }; ports: Port[] }[] = []
  killed = false
  constructor(entry: string) {
    super()
    this.entry = entry
  }
  postMessage(message: { kind: string }, ports: Port[] = []) {
    this.received.push({ message, ports })
    // The engine's process ends when it has put everything away.
    if (message.kind === 'stop') setImmediate(() => this.emit('exit', 0))
  }
  kill() {
    this.killed = true
    this.emit('exit', 0)
    return true
  }
}
export const utilityProcess = {
  fork(entry: string) {
    const child = new Child(entry)
    electron.children.push(child)
    return child
  },
}

export const ipcMain = new EventEmitter()
export const shell = { openExternal: async (url: string) => void electron.opened.push(url) }
export const screen = { getAllDisplays: () => electron.displays }
export const nativeTheme = { shouldUseDarkColors: false }
export const dialog = {
  showErrorBox: (title: string, content: string) => void electron.errors.push([title, content]),
}
export class Notification extends EventEmitter {
  static isSupported = () => true
  options: { title: string; body: string }
  constructor(options: { title: string; body: string }) {
    super()
    this.options = options
  }
  show() {
    electron.notifications.push(this)
  }
}
type MenuItem = {
  label?: string
  enabled?: boolean
  checked?: boolean
  click?: (item: { checked: boolean }) => void
}
export class Tray extends EventEmitter {
  readonly icon: string
  toolTip = ''
  menu: readonly MenuItem[] = []
  constructor(icon: string) {
    super()
    if (!electron.hasTray) throw new Error('Failed to load image')
    this.icon = icon
    electron.trays.push(this)
  }
  setToolTip(text: string) {
    this.toolTip = text
  }
  setContextMenu(menu: readonly MenuItem[]) {
    this.menu = menu
  }
  /** What a person does with the menu: a checkbox turns before it tells. */
  choose(label: string) {
    const item = this.menu.find(one => one.label === label)
    if (item?.click === undefined) throw new Error(`There is no ${label} to choose.`)
    item.click({ checked: item.checked !== true })
  }
}
export const Menu = { buildFromTemplate: (template: unknown) => template, setApplicationMenu: () => {} }

/** Stands in for electron-store: `vi.mock('electron-store', async () => ({ default: (await import(…)).Store }))`. */
export class Store {
  get(key: string) {
    return electron.kept.get(key)
  }
  set(key: string, value: unknown) {
    electron.kept.set(key, value)
  }
}
