import { statSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import type { InlineConfig } from 'vite'
import { defineConfig } from 'vitest/config'
import type { TestSequencer, TestSpecification } from 'vitest/node'
import { englishOnly, preloadWindow, windowPieces } from './src-main/window-build.ts'

/** Left to itself the runner leaves a processor free, one of two, though tests wait for servers more than they compute. */
const maxWorkers = Math.max(2, availableParallelism())

/** Hundreds of processes are started from the same sources, and most of their time goes into reading these. */
const compileCache = join(tmpdir(), 'rookery-compile-cache')

const suite = (name: string, settings: object = {}) => ({
  define: { __ROOKERY_BUILD__: '"test"' },
  test: {
    name,
    include: [`test/${name}/**/*.test.{ts,tsx}`],
    maxWorkers,
    env: { NODE_COMPILE_CACHE: compileCache },
    setupFiles: ['test/helpers/property-seed.ts'],
    // Who waits for something waits as long as it may take on a busy machine; what comes soon is seen soon.
    expect: { poll: { timeout: 20_000, interval: 25 } },
    ...settings,
  },
})

/** Files that take far longer than their size tells, the longest first. */
const longFiles = [
  'warmup-servers crash cli-sync warmup-kill vault-crash keychain cli-threads',
  'journey-warmup journey-dmarc-reports journey-vault journey-mailbox-logins journey-looks journey-offline',
  'hostile exchange-crash exchange-hostile exchange-restore exchange-health checks-unavailable',
].flatMap(names => names.split(' ').map(name => `${name}.test.ts`))

function placeOf({ moduleId }: TestSpecification): number {
  const at = longFiles.indexOf(basename(moduleId))
  return at < 0 ? longFiles.length : at
}

/** A long file that begins last keeps everybody waiting, so those come first, and then the larger before the smaller. */
class LongestFirst implements TestSequencer {
  async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sizes = new Map(files.map(file => [file, statSync(file.moduleId).size]))
    return files.toSorted((a, b) => placeOf(a) - placeOf(b) || (sizes.get(b) ?? 0) - (sizes.get(a) ?? 0))
  }

  async shard(files: TestSpecification[]): Promise<TestSpecification[]> {
    return files
  }
}

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [
      // Generous: a busy machine is no failure.
      suite('unit', { testTimeout: 30_000, hookTimeout: 30_000 }),
      suite('contract', { testTimeout: 30_000, hookTimeout: 30_000 }),
      suite('integration', { testTimeout: 180_000, hookTimeout: 180_000 }),
      suite('hosts', { testTimeout: 240_000, hookTimeout: 240_000 }),
    ],
  },
})

const root = import.meta.dirname
const node = 'node24'

/** Everything the product is made of. `outDir` gets renderer/, headless/ and electron/. */
export function productBuilds(outDir: string, buildId: string): InlineConfig[] {
  const shared: InlineConfig = {
    configFile: false,
    logLevel: 'warn',
    mode: 'production',
    define: { __ROOKERY_BUILD__: JSON.stringify(buildId) },
  }
  return [
    {
      ...shared,
      root: join(root, 'src-renderer'),
      plugins: [react(), tailwindcss(), englishOnly(), preloadWindow()],
      build: {
        outDir: join(outDir, 'renderer'),
        emptyOutDir: true,
        reportCompressedSize: false,
        // The content policy allows fonts and scripts from the page's own origin only: nothing may be inlined.
        assetsInlineLimit: 0,
        modulePreload: { polyfill: false },
        // Read from this machine, not over a network.
        chunkSizeWarningLimit: 2_000,
        rolldownOptions: {
          output: { codeSplitting: { groups: windowPieces(join(root, 'src-renderer')) } },
        },
      },
    },
    nodeBuild(shared, join(outDir, 'headless'), { main: 'src-main/hosts/headless/main.ts' }, 'es'),
    nodeBuild(
      shared,
      join(outDir, 'electron'),
      {
        main: 'src-main/hosts/electron/main.ts',
        'engine-process': 'src-main/hosts/electron/engine-process.ts',
      },
      'es',
    ),
    // A sandboxed preload is one CommonJS file that can require nothing but electron.
    nodeBuild(shared, join(outDir, 'electron'), { preload: 'src-main/hosts/electron/preload.ts' }, 'cjs'),
  ]
}

/** Electron is the runtime itself; the keychain is native code, which stays a package beside the bundle. */
const notBundled = ['electron', '@napi-rs/keyring']

function nodeBuild(
  shared: InlineConfig,
  outDir: string,
  entries: Record<string, string>,
  format: 'es' | 'cjs',
): InlineConfig {
  const input = Object.fromEntries(Object.entries(entries).map(([name, file]) => [name, join(root, file)]))
  return {
    ...shared,
    root,
    publicDir: false,
    ssr: { target: 'node', noExternal: true, external: [...notBundled] },
    build: {
      ssr: true,
      outDir,
      emptyOutDir: false,
      target: node,
      minify: false,
      reportCompressedSize: false,
      rolldownOptions: {
        input,
        external: [...notBundled],
        output: {
          format,
          entryFileNames: format === 'cjs' ? '[name].cjs' : '[name].js',
          chunkFileNames: 'parts/[name]-[hash].js',
        },
      },
    },
  }
}
