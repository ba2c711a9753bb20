import { join } from 'node:path'
import { Menu, type MenuItemConstructorOptions, Tray } from 'electron'
import type { EngineStatus } from '#shared/model/host.ts'
import { trayLine } from './tray-line.ts'

export type TrayActions = {
  open(): void
  quit(): void
  /** Whether the engine goes on when the window is closed. */
  keepsRunning(): boolean
  setKeepsRunning(keeps: boolean): void
}

export type TrayIcon = {
  /** What the engine says of itself; null while there is none. */
  tell(status: EngineStatus | null): void
}

/** macOS draws 16 points in its menu bar; the others scale a larger one down. */
const iconPath = (platform: string) =>
  join(import.meta.dirname, '../../resources/icons', platform === 'darwin' ? '16x16.png' : '32x32.png')

/** Shows the icon and its menu; null where the desktop has no place for one. */
export function showTray(platform: string, actions: TrayActions): TrayIcon | null {
  let tray: Tray
  try {
    tray = new Tray(iconPath(platform))
  } catch {
    return null
  }
  let shown = ''
  const draw = (line: string) => {
    shown = line
    tray.setToolTip(`Rookery: ${line}`)
    tray.setContextMenu(Menu.buildFromTemplate(trayTemplate(line, actions)))
  }
  draw(trayLine(null))
  tray.on('click', actions.open)
  return {
    tell: status => {
      const line = trayLine(status)
      // Drawing the menu anew closes it while somebody reads it.
      if (line !== shown) draw(line)
    },
  }
}

function trayTemplate(line: string, actions: TrayActions): MenuItemConstructorOptions[] {
  return [
    { label: line, enabled: false },
    { type: 'separator' },
    { label: 'Open Rookery', click: actions.open },
    {
      label: 'Keep running when the window is closed',
      type: 'checkbox',
      checked: actions.keepsRunning(),
      click: item => actions.setKeepsRunning(item.checked),
    },
    { type: 'separator' },
    { label: 'Quit', click: actions.quit },
  ]
}
