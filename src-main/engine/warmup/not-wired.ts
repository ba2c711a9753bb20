import { fail, ok } from '#shared/failure.ts'
import type { guarded } from '../guard.ts'
import type { TableReader } from '../storage/changes.ts'
import { tryTemplate } from './try-template.ts'

/** Stands where the feature will: no mailbox warms up, and nothing can be asked of it. */
export const warmupNotWired = {
  reader: { page: () => [], rows: () => [] } satisfies TableReader,
  procedures(engine: ReturnType<typeof guarded>) {
    const os = engine.warmup
    const refused = () => fail('not-allowed')
    return {
      start: os.start.handler(refused),
      stop: os.stop.handler(refused),
      pause: os.pause.handler(refused),
      resume: os.resume.handler(refused),
      skip: os.skip.handler(refused),
      setSettings: os.setSettings.handler(refused),
      preview: os.preview.handler(refused),
      details: os.details.handler(refused),
      domain: os.domain.handler(() => ok(null)),
      placements: os.placements.handler(refused),
      activity: os.activity.handler(refused),
      templates: os.templates.handler(refused),
      setTemplates: os.setTemplates.handler(refused),
      tryTemplate: os.tryTemplate.handler(({ input }) => ok(tryTemplate(input))),
      setCampaign: os.setCampaign.handler(refused),
    }
  },
}
