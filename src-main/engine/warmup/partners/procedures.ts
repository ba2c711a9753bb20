import { ok, type Result } from '#shared/failure.ts'
import type { guarded } from '../../guard.ts'
import type { AgreementContext } from './agreement-context.ts'
import { acceptInvitation, invitePartner, readText, takeText } from './agreement.ts'
import { changeOwnOffer, confirmPartner, goOnWith, revokePartner } from './later-turns.ts'

/** What may be asked of agreements: `src-shared/contract/partners.ts` says what each procedure answers. */
export function partnerProcedures(
  engine: ReturnType<typeof guarded>,
  context: AgreementContext,
  /** Called after an agreement changed. */
  changed: () => void,
) {
  const os = engine.partners
  const after = <T>(result: Result<T>): Result<T> => {
    if (result.ok) changed()
    return result
  }
  return {
    invite: os.invite.handler(async ({ input }) => after(await invitePartner(context, input))),
    read: os.read.handler(({ input }) => ok(readText(context, input.text))),
    accept: os.accept.handler(async ({ input }) => after(await acceptInvitation(context, input))),
    take: os.take.handler(async ({ input }) => after(await takeText(context, input.text))),
    confirm: os.confirm.handler(({ input }) => after(confirmPartner(context, input.id))),
    change: os.change.handler(async ({ input }) => after(await changeOwnOffer(context, input))),
    goOn: os.goOn.handler(({ input }) => after(goOnWith(context, input.id))),
    revoke: os.revoke.handler(async ({ input }) => after(await revokePartner(context, input.id))),
  }
}
