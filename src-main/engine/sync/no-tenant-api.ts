import { fail } from '#shared/failure.ts'
import type { MakeTenantApi } from './feature.ts'

const notConnected = async () => fail('tenant-not-connected')

/** For a workspace that must reach nobody, such as the demo: every call fails with `tenant-not-connected`. */
export const noTenantApi: MakeTenantApi = () => ({
  listDomains: notConnected,
  readDomain: notConnected,
  putDomain: notConnected,
  deleteDomain: notConnected,
  putAccount: notConnected,
  readReputation: notConnected,
})
