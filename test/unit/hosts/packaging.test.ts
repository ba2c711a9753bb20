import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { getConfig, validateConfiguration } from 'app-builder-lib/out/util/config/config.js'
import scheme from 'app-builder-lib/scheme.json' with { type: 'json' }
import { DebugLogger } from 'builder-util'
import { expect, it } from 'vitest'

const root = join(import.meta.dirname, '../../..')
const read = () => getConfig(root, 'electron-builder.yml', null)

it('is what electron-builder accepts', async () => {
  await expect(validateConfiguration(await read(), new DebugLogger(false))).resolves.toBeUndefined()
})

it('is refused when a key is misspelt, so that acceptance means something', async () => {
  const broken = { ...(await read()), asarr: true }
  await expect(validateConfiguration(broken, new DebugLogger(false))).rejects.toThrow(/asarr/)
})

it('sets every fuse, the dangerous ones to off', async () => {
  const { electronFuses: fuses } = await read()
  expect(Object.keys(fuses ?? {}).toSorted()).toEqual(
    Object.keys(scheme.definitions.FuseOptionsV1.properties).toSorted(),
  )
  expect(fuses).toMatchObject({
    runAsNode: false,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    grantFileProtocolExtraPrivileges: false,
    enableEmbeddedAsarIntegrityValidation: true,
    onlyLoadAppFromAsar: true,
    enableCookieEncryption: true,
  })
})

it('names icons and entitlements that are there, each icon of its size', async () => {
  const { mac, win, linux } = await read()
  const paths = [mac?.icon, win?.icon, linux?.icon, mac?.entitlements, mac?.entitlementsInherit]
  for (const path of paths) expect(existsSync(join(root, String(path)))).toBe(true)
  for (const size of [16, 32, 48, 64, 128, 256, 512, 1024]) {
    const header = readFileSync(join(root, 'resources/icons', `${size}x${size}.png`)).subarray(0, 24)
    expect([header.readUInt32BE(16), header.readUInt32BE(20)]).toEqual([size, size])
  }
})
