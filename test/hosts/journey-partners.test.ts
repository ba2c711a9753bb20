import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { defaultSettings } from '#shared/warmup-ramps.ts'
import { findChromium, startChromium } from '../helpers/chromium.ts'
import { valueOf } from '../helpers/engine.ts'
import { keep, look } from '../helpers/look.ts'
import {
  hourMs,
  minuteMs,
  type PlayedEngine,
  type PlayedTime,
  playedEngine,
  playedTime,
} from '../helpers/played-engine.ts'
import { noteSkipped } from '../helpers/skipped.ts'
import { type OpenedWindow, openWindow, sectionLink } from '../helpers/window.ts'

/* Two people with a Rookery each, whose mail servers stand in one memory: they agree, write, and part. */

const chromium = await findChromium()
if (chromium === null) noteSkipped('Partners in the window', 'no Chromium was found')

type Person = {
  readonly engine: PlayedEngine
  readonly window: OpenedWindow
  readonly page: Page
}

describe.runIf(chromium !== null)('Partners', () => {
  let browser: Browser
  let time: PlayedTime
  let north: Person
  let south: Person

  const personAt = async (domain: string): Promise<Person> => {
    const engine = await playedEngine(time)
    const { client, url } = engine
    const ids = await engine.addMailboxes(['anna', 'ben', 'cleo'].map(name => `${name}@${domain}`))
    valueOf(await client.warmup.start({ ids, settings: defaultSettings('aggressive', 'UTC') }))
    engine.start()
    const window = await openWindow(browser, url)
    return { engine, window, page: window.page }
  }

  beforeAll(async () => {
    browser = await startChromium(chromium ?? '')
    time = playedTime()
    north = await personAt('north.example')
    south = await personAt('south.example')
  })
  afterAll(async () => {
    for (const { window, engine } of [north, south]) {
      await window.close()
      await engine.stop()
    }
    await browser?.close()
  })

  const play: PlayedTime['play'] = (...spell) => time.play(...spell)
  const button = ({ page }: Person, name: string) => page.getByRole('button', { name, exact: true })
  /** The text to hand over, once it is there as a whole. */
  const textIn = async ({ page }: Person, name: string) => {
    const shown = page.getByRole('region', { name, exact: true }).locator('pre')
    const read = async () => (await shown.textContent()) ?? ''
    await expect.poll(read).toMatch(/^-----BEGIN ROOKERY [^]+-----END ROOKERY [A-Z ]+-----\s*$/)
    return read()
  }

  let invitation = ''
  let answer = ''
  let digits = ''

  it('says why a bigger pool helps and what is shared, before there is one', async () => {
    const { page } = north
    await sectionLink(page, 'Warmup').click()
    await page.getByRole('link', { name: 'Partners', exact: true }).click()
    await page.getByText('Warm up together with people you know').waitFor()
    await page
      .getByText('Passwords, other mailboxes, figures and your own mail stay here', { exact: false })
      .waitFor()
    await look(page, 'partners-empty', button(north, 'Invite a partner'))
    await page.setViewportSize({ width: 1280, height: 800 })
  })

  it('makes an invitation with the mailboxes that were chosen', async () => {
    const { page } = north
    await button(north, 'Invite a partner').click()
    await expect.poll(() => button(north, 'Make the invitation').isDisabled()).toBe(true)
    await page.getByLabel('Your name to them').fill('North Studio')
    await page.getByText('cleo@north.example').click()
    await look(page, 'partners-invite', button(north, 'Make the invitation'))
    await page.setViewportSize({ width: 1280, height: 800 })
    await button(north, 'Make the invitation').click()
    invitation = await textIn(north, 'Invitation')
    expect(invitation).toMatch(/^-----BEGIN ROOKERY INVITATION-----/)
    await look(page, 'partners-invitation', button(north, 'Done'))
    await page.setViewportSize({ width: 1280, height: 800 })
    await button(north, 'Done').click()
    await page
      .getByRole('article', { name: 'Not answered yet', exact: true })
      .getByText('Invited', { exact: true })
      .waitFor()
  })

  it('says what is wrong with a text, and accepts an invitation as it came by mail', async () => {
    const { page } = south
    await sectionLink(page, 'Warmup').click()
    await page.getByRole('link', { name: 'Partners', exact: true }).click()
    await button(south, 'Take a text').click()
    const field = page.getByLabel('Text from your partner')
    await field.fill('Hello, shall we?')
    await button(south, 'Read it').click()
    await page.getByText('No text of Rookery can be read here', { exact: false }).waitFor()
    await look(page, 'partners-unreadable', button(south, 'Read it'))
    await page.setViewportSize({ width: 1280, height: 800 })
    await field.fill(`Hi,\n${invitation.replace(/^/gm, '> ')}\n`)
    await button(south, 'Read it').click()
    await page.getByText('2 mailboxes: anna@north.example and ben@north.example', { exact: false }).waitFor()
    await page.getByLabel('Your name to them').fill('South Agency')
    await look(page, 'partners-accept', button(south, 'Accept'))
    await page.setViewportSize({ width: 1280, height: 800 })
    await button(south, 'Accept').click()
    answer = await textIn(south, 'Answer')
    await look(page, 'partners-answer', button(south, 'Done'))
    await page.setViewportSize({ width: 1280, height: 800 })
    await button(south, 'Done').click()
  })

  it('shows both the same number, and sends nothing before it is confirmed', async () => {
    await button(north, 'Take a text').click()
    await north.page.getByLabel('Text from your partner').fill(answer)
    await button(north, 'Read it').click()
    await north.page.getByText('South Agency accepts your invitation.').waitFor()
    await button(north, 'Take it').click()
    const here = north.page.getByRole('article', { name: 'South Agency', exact: true })
    const there = south.page.getByRole('article', { name: 'North Studio', exact: true })
    const digitsIn = async (article: typeof here) =>
      /(?:\d{5} ?){4}/.exec((await article.textContent()) ?? '')?.[0]?.trim() ?? ''
    await here.getByText('Check number', { exact: true }).waitFor()
    await expect.poll(() => digitsIn(here)).toMatch(/^(?:\d{5} ){3}\d{5}$/)
    digits = await digitsIn(here)
    await expect.poll(() => digitsIn(there)).toBe(digits)
    await look(north.page, 'partners-compare', button(north, 'It is the same'))
    await north.page.setViewportSize({ width: 1280, height: 800 })
    await button(north, 'It is the same').click()
    await here.getByText('Active', { exact: true }).waitFor()
    await button(south, 'It is the same').click()
    await there.getByText('Waiting', { exact: true }).waitFor()
  })

  it('writes to and fro, and counts it', { timeout: 300_000 }, async () => {
    const isBetween = (from: string, to: string) =>
      time.world.sends.some(
        ({ message }) => message.from.address.endsWith(from) && message.to.address.endsWith(to),
      )
    const isEnough = () =>
      isBetween('@north.example', '@south.example') && isBetween('@south.example', '@north.example')
    for (let day = 0; day < 4 && !isEnough(); day += 1) {
      await play(5 * hourMs, 10 * minuteMs)
      for (let hour = 0; hour < 9 && !isEnough(); hour += 1) await play(hourMs)
      if (!isEnough()) await play(10 * hourMs, 10 * minuteMs)
    }
    await play(5 * minuteMs)
    const here = north.page.getByRole('article', { name: 'South Agency', exact: true })
    await here.getByText(/^[1-9]\d* out, [1-9]\d* in$/).waitFor()
    await south.page
      .getByRole('article', { name: 'North Studio', exact: true })
      .getByText('Active', { exact: true })
      .waitFor()
    const across = time.world.sends.filter(
      ({ message }) => message.from.address.split('@')[1] !== message.to.address.split('@')[1],
    )
    expect(across.length).toBeGreaterThan(1)
    expect(
      across.some(({ message }) => `${message.from.address} ${message.to.address}`.includes('cleo@north')),
    ).toBe(false)
    await look(north.page, 'partners-active', button(north, 'Take a text'))
    await north.page.setViewportSize({ width: 1280, height: 800 })
  })

  it('changes which mailboxes take part, and ends at once on one side and by a text on the other', async () => {
    await button(north, 'Change mailboxes').click()
    await north.page.getByRole('dialog').getByText('cleo@north.example').click()
    await button(north, 'Change').click()
    const change = await textIn(north, 'Change')
    await button(north, 'Done').click()
    await button(south, 'Take a text').click()
    await south.page.getByLabel('Text from your partner').fill(change)
    await button(south, 'Read it').click()
    await button(south, 'Take it').click()
    const there = south.page.getByRole('article', { name: 'North Studio', exact: true })
    await there.getByText('cleo@north.example').waitFor()

    await button(north, 'End').click()
    await look(north.page, 'partners-end', button(north, 'End it'))
    await north.page.setViewportSize({ width: 1280, height: 800 })
    await button(north, 'End it').click()
    const here = north.page.getByRole('article', { name: 'South Agency', exact: true })
    await here.getByText('You ended it.', { exact: false }).waitFor()
    await here.getByText('The text for them').click()
    const end = await textIn(north, 'End')
    await button(south, 'Take a text').click()
    await south.page.getByLabel('Text from your partner').fill(end)
    await button(south, 'Read it').click()
    await button(south, 'Take it').click()
    await there.getByText('They ended it.', { exact: false }).waitFor()
    await keep(south.page, 'partners-ended')
  })

  it('leaves no trouble in either window', () => {
    expect([...north.window.troubles, ...south.window.troubles]).toEqual([])
  })
})
