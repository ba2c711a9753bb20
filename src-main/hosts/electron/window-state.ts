import ElectronStore from 'electron-store'

/** What this host keeps about its own window. Settings of the engine stand in its store, for every host. */
type WindowState = { bounds?: unknown; maximized?: boolean; keepsRunning?: boolean }

export const openWindowState = () => new ElectronStore<WindowState>({ name: 'window' })

/** Whether the engine goes on when the window is closed; off until somebody chooses it. */
export const keepsRunning = (): boolean => openWindowState().get('keepsRunning') === true

export const setKeepsRunning = (keeps: boolean): void => openWindowState().set('keepsRunning', keeps)
