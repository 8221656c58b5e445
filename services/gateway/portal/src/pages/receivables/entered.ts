/** Which live claims hold what of a payable: that cannot be claimed again (`finance/commands/claims.py`). */
import { computed, toValue, type MaybeRefOrGetter } from 'vue'

import { useWhole } from '@/api/resources'
import { fen } from '@/lib/money'
import { left, type Payable } from '@/pages/contracts/payables'

import { isSeller, type Claim } from './claims'

/** A duplicate that is held, a refused or a rejected claim holds nothing. */
export const HOLDING = ['entered', 'checked', 'confirmation_requested', 'prepared', 'confirmed']
const PAGE = 100

export interface Entered {
  claims: Claim[]
  /** What may still be claimed of it, in fen. */
  free: bigint
}

/** By payable; one that no claim holds anything of is not in it. */
export function useEntered(payables: MaybeRefOrGetter<readonly Payable[]>, isWanted: MaybeRefOrGetter<boolean> = true) {
  const list = useWhole('receivables', { view: 'mine', state: HOLDING, limit: PAGE }, isWanted)
  const entered = computed(() => entries(toValue(payables), list.items.value.filter(isSeller)))
  const isReading = computed(() => !list.isWhole.value && !list.isCut.value && !list.error.value)
  return { entered, isReading }
}

function entries(payables: readonly Payable[], claims: readonly Claim[]): Map<string, Entered> {
  const found = new Map<string, Entered>()
  const free = new Map(payables.map((one) => [one.id, left(one)]))
  const byDue = [...payables].sort((one, other) => ((one.due_date ?? '') + one.id < (other.due_date ?? '') + other.id ? -1 : 1))
  for (const claim of claims) {
    let rest = fen(claim.claimed) - fen(claim.settled)
    for (const { id } of byDue.filter((one) => claim.payable_ids?.includes(one.id))) {
      const part = [rest, free.get(id) ?? 0n].reduce((least, one) => (one < least ? one : least))
      free.set(id, (free.get(id) ?? 0n) - part)
      rest -= part
      found.set(id, { claims: [...(found.get(id)?.claims ?? []), claim], free: 0n })
    }
  }
  for (const [id, one] of found) one.free = free.get(id) ?? 0n
  return found
}

/** Those of one's own claims that a held duplicate collides with: on a payable, or by its invoice. */
export function collides(held: Claim, claims: readonly Claim[]): Claim[] {
  const isSameInvoice = (one: Claim) =>
    one.debtor_id === held.debtor_id && one.invoice?.number === held.invoice?.number && (one.invoice?.code ?? '') === (held.invoice?.code ?? '')
  return claims.filter((one) => one.id !== held.id && (isSameInvoice(one) || one.payable_ids?.some((id) => held.payable_ids?.includes(id))))
}
