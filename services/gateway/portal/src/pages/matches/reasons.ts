/** Why a supplier will not quote: the API's own list (`Decline`), held complete by its type. */
import type { Schemas } from '@/api/client'

type Code = Schemas['Decline']['reason_code']
const ALL: Record<Code, true> = {
  no_capacity: true,
  delivery_too_short: true,
  budget_too_low: true,
  not_our_field: true,
  qualification_missing: true,
  region_not_served: true,
  quantity_unfit: true,
  terms_unacceptable: true,
  buyer_unsuitable: true,
  other: true,
}
export const DECLINED = Object.keys(ALL) as Code[]
