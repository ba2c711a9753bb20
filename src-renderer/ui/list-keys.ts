/** What a key does in the list, as in a mail client. Null: not ours. */
export type ListMove =
  | { kind: 'move'; to: number; extend: boolean }
  | { kind: 'toggle' }
  | { kind: 'all' }
  | { kind: 'none' }
  | { kind: 'open' }
  | { kind: 'remove' }
  | { kind: 'check' }

type Key = { key: string; shiftKey: boolean; ctrlKey: boolean; metaKey: boolean; altKey: boolean }

export function listMove(key: Key, at: { active: number; count: number; pageRows: number }): ListMove | null {
  const move = (to: number): ListMove => ({
    kind: 'move',
    to: Math.max(0, Math.min(at.count - 1, to)),
    extend: key.shiftKey,
  })
  const withCommand = key.ctrlKey || key.metaKey
  if (key.altKey) return null
  if (withCommand) return key.key.toLowerCase() === 'a' ? { kind: 'all' } : null
  switch (key.key) {
    case 'ArrowDown':
    case 'j':
      return move(at.active + 1)
    case 'ArrowUp':
    case 'k':
      return move(at.active - 1)
    case 'PageDown':
      return move(at.active + at.pageRows)
    case 'PageUp':
      return move(at.active - at.pageRows)
    case 'Home':
      return move(0)
    case 'End':
      return move(at.count - 1)
    case ' ':
    case 'x':
      return { kind: 'toggle' }
    case 'Escape':
      return { kind: 'none' }
    case 'Enter':
      return { kind: 'open' }
    case 'Delete':
    case '#':
      return { kind: 'remove' }
    case 'c':
      return { kind: 'check' }
    default:
      return null
  }
}

/** The ids between two rows, both included, whichever comes first. */
export function idsBetween(ids: readonly string[], from: number, to: number): string[] {
  return ids.slice(Math.min(from, to), Math.max(from, to) + 1)
}
