// oxlint-disable-next-line no-underscore-dangle -- the bundler's constant, marked so that nothing else has its name
declare const __ROOKERY_BUILD__: string | undefined

/** Identity of this build, written in by the bundler. Sources that run unbundled have none of their own. */
export const buildId: string = typeof __ROOKERY_BUILD__ === 'string' ? __ROOKERY_BUILD__ : 'unbundled'
