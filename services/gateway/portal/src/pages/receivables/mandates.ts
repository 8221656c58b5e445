/** Which mandate 授权书 of the signed-in person covers a claim (`finance/mandates.py`): said beforehand. */
import { computed } from 'vue'

import { useNow } from '@/api/clock'
import type { Money } from '@/api/client'
import { useWhole, type One } from '@/api/resources'
import { me } from '@/api/session'
import { fen } from '@/lib/money'
import { dateOf } from '@/lib/time'

import type { Claim } from './claims'

export interface Cover {
  /** What is lacking; null: it is covered. The codes are the refusals of the platform. */
  lacks: 'mandate_missing' | 'mandate_expired' | 'mandate_too_small' | null
  /** The most that any valid mandate in scope allows. */
  limit: Money | null
}

export function useMandates() {
  const { items, isWhole, isCut } = useWhole('mandates', { limit: 100 })
  /** What is lacking is not said before all of them are known. */
  const isPending = computed(() => !isWhole.value && !isCut.value)
  const now = useNow()
  const mine = computed(() => items.value.filter((one) => one.user_id === me.value.user.id && !one.revoked_at))
  const cover = (claim: Claim, amount: Money | null | undefined): Cover => covers(mine.value, claim, fen(amount), dateOf(now.value))
  return { mine, isPending, cover }
}

function covers(mandates: readonly One<'mandates'>[], claim: Claim, amount: bigint, today: string): Cover {
  const inScope = mandates.filter((one) => isAny(one.supplier_id, claim.seller_id) && isAny(one.contract_id, claim.contract_id))
  const valid = inScope.filter((one) => today <= (one.valid_until ?? ''))
  const limit = valid.reduce<Money | null>((most, one) => (one.limit && fen(one.limit) > fen(most) ? one.limit : most), null)
  if (!inScope.length) return { lacks: 'mandate_missing', limit }
  if (!valid.length) return { lacks: 'mandate_expired', limit }
  return { lacks: fen(limit) < amount ? 'mandate_too_small' : null, limit }
}

const isAny = (scope: string | null | undefined, id: string | undefined): boolean => !scope || scope === id
