import { join } from 'node:path'
import type { Plugin, Rolldown } from 'vite'

type Graph = Pick<Rolldown.ChunkingContext, 'getModuleInfo'>

/**
 * Cuts the window's code in four, and one piece for each screen and panel: what holds the wire and the replica
 * (`main.tsx`), what draws the frame and the list (`window.tsx`), charts, and what the others share. Left to itself the bundler
 * makes dozens of small files, and the list waits for each.
 */
export function windowPieces(folder: string): Rolldown.CodeSplittingGroup[] {
  const find = createReach()
  const start = join(folder, 'main.tsx')
  const window = join(folder, 'window.tsx')
  return [
    { debugName: 'start', name: (id, graph) => (find(start, graph).has(id) ? 'start' : null), priority: 3 },
    {
      debugName: 'window',
      name: (id, graph) => (find(window, graph).has(id) ? 'window' : null),
      priority: 2,
    },
    { debugName: 'charts', name: id => (chartPackages.test(id) ? 'charts' : null), priority: 2 },
    { debugName: 'shared', name: (id, graph) => (isDoor(id, graph) ? null : 'shared'), priority: 1 },
  ]
}

/** The library that draws charts, and what only it needs: as much as all screens together, and few show one. */
const chartPackages =
  /[\\/]node_modules[\\/](recharts|victory-vendor|d3-[a-z]+|@reduxjs|react-redux|redux|redux-thunk|reselect|immer|es-toolkit|decimal\.js-light|internmap|eventemitter3)[\\/]/

/** The page itself, and what is loaded later by name. */
function isDoor(id: string, graph: Graph): boolean {
  const module = graph.getModuleInfo(id)
  return module === null || module.isEntry || module.dynamicImporters.length > 0
}

/** Modules that a module imports, and those that they import, without what is loaded later. */
function createReach(): (from: string, graph: Graph) => ReadonlySet<string> {
  const known = new Map<string, ReadonlySet<string>>()
  return (from, graph) => {
    const before = known.get(from)
    if (before) return before
    const reached = new Set<string>()
    const open = [from]
    for (let id = open.pop(); id !== undefined; id = open.pop()) {
      if (reached.has(id)) continue
      reached.add(id)
      open.push(...(graph.getModuleInfo(id)?.importedIds ?? []))
    }
    known.set(from, reached)
    return reached
  }
}

/** Has the page fetch at once what `main.tsx` would ask for a moment later. */
export function preloadWindow(): Plugin {
  return {
    name: 'rookery:preload-window',
    transformIndexHtml: {
      order: 'post',
      handler: (_html, { bundle = {} }) =>
        Object.values(bundle)
          .filter(file => file.type === 'chunk' && file.name === 'window')
          .map(({ fileName }) => ({
            tag: 'link',
            attrs: { rel: 'modulepreload', crossorigin: true, href: `./${fileName}` },
            injectTo: 'head',
          })),
    },
  }
}

/** The window speaks English, so the component library's words in thirty other languages stay out. */
export function englishOnly(): Plugin {
  const others =
    /[\\/](react-aria|react-stately|react-aria-components)[\\/].*[\\/]intl[\\/](.*[\\/])?(?!en-US)[a-z]{2}-[A-Z]{2}\.mjs$/
  return {
    name: 'rookery:english-only',
    load: { filter: { id: others }, handler: () => "export { default } from './en-US.mjs'" },
  }
}
