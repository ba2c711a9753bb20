/** Identity of this build, put in by the bundler; the engine carries the same one. */
declare const __ROOKERY_BUILD__: string
