import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { restartDelayMs } from '../../../src-main/hosts/electron/restart.ts'
import { fitBounds } from '../../../src-main/hosts/electron/window-bounds.ts'

const left = { x: 0, y: 0, width: 1920, height: 1040 }
const right = { x: 1920, y: 0, width: 1280, height: 1000 }

describe('where the window opens', () => {
  it('stands where it stood, also on the second screen', () => {
    const kept = { x: 2000, y: 50, width: 1000, height: 700 }
    expect(fitBounds(kept, [left, right])).toEqual(kept)
  })

  it('comes back when its screen is gone, in the size it had', () => {
    expect(fitBounds({ x: 2000, y: 50, width: 1000, height: 700 }, [left])).toEqual({
      width: 1000,
      height: 700,
    })
  })

  it('is no larger than its screen', () => {
    expect(fitBounds({ x: 1920, y: 0, width: 5000, height: 5000 }, [left, right])).toEqual({
      x: 1920,
      y: 0,
      width: 1280,
      height: 1000,
    })
  })

  it('never hides its title bar', () => {
    expect(fitBounds({ x: 0, y: -500, width: 1000, height: 700 }, [left])).not.toHaveProperty('y')
    expect(fitBounds({ x: -950, y: 0, width: 1000, height: 700 }, [left])).not.toHaveProperty('x')
  })

  it('has a size whatever was kept and whatever the screens', () => {
    const screen = fc.record({
      x: fc.integer(),
      y: fc.integer(),
      width: fc.nat(9_000),
      height: fc.nat(9_000),
    })
    fc.assert(
      fc.property(fc.anything(), fc.array(screen, { maxLength: 3 }), (kept, screens) => {
        const { width, height } = fitBounds(kept, screens)
        expect(width).toBeGreaterThanOrEqual(900)
        expect(height).toBeGreaterThanOrEqual(600)
      }),
    )
  })
})

describe('when a crashed engine starts again', () => {
  it('waits longer each time and gives up at the sixth crash in a minute', () => {
    const delays = [1, 2, 3, 4, 5, 6].map(count => restartDelayMs(Array(count).fill(1_000), 2_000))
    expect(delays).toEqual([250, 500, 1_000, 2_000, 4_000, null])
  })

  it('forgives crashes of long ago', () => {
    expect(restartDelayMs([1, 2, 3, 4, 5, 6, 100_000], 100_000)).toBe(250)
  })
})
