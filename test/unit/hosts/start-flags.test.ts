import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { defaultDataFolder } from '../../../src-main/hosts/data-folder.ts'
import { engineFlags } from '../../../src-main/hosts/engine-flags.ts'
import { hasDisplay } from '../../../src-main/hosts/display.ts'
import { parseStartFlags } from '../../../src-main/hosts/start-flags.ts'

const parse = (...args: string[]) => parseStartFlags(args, '/somewhere')

describe('the flags of npm start', () => {
  it('starts Node as every process with an engine is started', () => {
    const manifest = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'))
    expect(manifest.scripts.start).toBe(`exec node ${engineFlags.join(' ')} src-main/start.ts`)
  })

  it('has defaults that need nothing', () => {
    expect(parse()).toEqual({
      ok: true,
      flags: {
        headless: false,
        port: 7468,
        listen: '127.0.0.1',
        dataDir: null,
        demo: false,
        dnsOnly: false,
        open: true,
        passphraseStdin: false,
        verbose: false,
        help: false,
      },
    })
  })

  it('reads all of them, the folder from where the person stands', () => {
    const args = [
      '--headless',
      '--port',
      '0',
      '--data-dir=data',
      '--no-open',
      '--listen',
      '::1',
      '--verbose',
      '--passphrase-stdin',
      '--dns-only',
    ]
    expect(parse(...args)).toMatchObject({
      flags: {
        headless: true,
        port: 0,
        dataDir: '/somewhere/data',
        open: false,
        listen: '::1',
        passphraseStdin: true,
        verbose: true,
        dnsOnly: true,
      },
    })
  })

  it.each([
    [['--port', '65536'], /0 to 65535/],
    [['--port', '80x'], /0 to 65535/],
    [['--port', '-1'], /./],
    [['--port'], /--port needs a value/],
    [['--data-dir', ''], /--data-dir needs a value/],
    [['--headles'], /no option --headles/],
    [['--headless=no'], /--headless takes no value/],
    [['-x'], /no option -x/],
    [['--toString'], /no option --toString/],
    [['--passphrase-stdin'], /goes with --headless/],
    [['serve'], /“serve” is not an option/],
  ])('says what is wrong with %j', (args, message) => {
    const parsed = parse(...args)
    expect(parsed.ok).toBe(false)
    expect(parsed.ok ? '' : parsed.message).toMatch(message)
  })
})

describe('where the data live', () => {
  it.each([
    ['linux', {}, '/home/a/.local/share/rookery'],
    ['linux', { XDG_DATA_HOME: '/data' }, '/data/rookery'],
    ['linux', { XDG_DATA_HOME: 'relative' }, '/home/a/.local/share/rookery'],
    ['darwin', {}, '/home/a/Library/Application Support/Rookery/Data'],
    ['win32', { LOCALAPPDATA: 'C:\\Local' }, 'C:\\Local\\Rookery\\Data'],
  ])('%s with %j', (platform, env, folder) => {
    expect(defaultDataFolder({ platform, home: '/home/a', env })).toBe(folder)
  })
})

it('knows whether there is a display', () => {
  expect(hasDisplay('linux', {})).toBe(false)
  expect(hasDisplay('linux', { DISPLAY: '' })).toBe(false)
  expect(hasDisplay('linux', { DISPLAY: ':0' })).toBe(true)
  expect(hasDisplay('linux', { WAYLAND_DISPLAY: 'wayland-0' })).toBe(true)
  expect(hasDisplay('darwin', {})).toBe(true)
})
