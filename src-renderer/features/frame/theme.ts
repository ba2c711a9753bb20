import type { Settings } from '#shared/model/settings.ts'

const themeKey = 'rookery-theme'

/**
 * The theme is a setting of the store; this window remembers it too, so that the first paint is already right while
 * the engine is being reached.
 */
export function applyTheme(theme: Settings['theme']): void {
  localStorage.setItem(themeKey, theme)
  if (theme === 'system') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = theme
}

export function applyRememberedTheme(): void {
  const theme = localStorage.getItem(themeKey)
  if (theme === 'light' || theme === 'dark') applyTheme(theme)
}
