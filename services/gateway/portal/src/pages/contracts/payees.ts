/** Whom a debtor pays: banks as far as notices of assignment or pledge have arrived, else the supplier. */
import { computed, toValue, type MaybeRefOrGetter } from 'vue'

import { useWhole, type One } from '@/api/resources'
import { fen } from '@/lib/money'

import { left, type Payable } from './payables'

type Share = One<'positions'>
const OVER = ['settled', 'short_paid', 'released']
const PAGE = 100

/** What its bank has to be paid or, of a debt that is paid, was paid, in fen; null: nothing. */
export function dueTo(share: Share, isPaid: boolean): bigint | null {
  if (!share.notice || share.state === 'released') return null
  if (isPaid) return fen(share.settled) || null
  return OVER.includes(share.state) ? null : fen(share.amount) - fen(share.settled)
}

/** Of one deal or of all, by the very rule of exports (`gateway/readmodel/payees.py`). */
export function usePayees(given: MaybeRefOrGetter<{ thread_id?: string }> = {}, isWanted: MaybeRefOrGetter<boolean> = true) {
  const asked = computed(() => ({ ...toValue(given), limit: PAGE }))
  const shares = useWhole('positions', asked, isWanted)
  const noticed = computed(() => shares.items.value.filter((one) => one.notice))
  const claims = useWhole('receivables', asked, () => noticed.value.length > 0)

  /** Before that nobody is named: it might be the wrong one. */
  const isKnown = computed(() => (shares.isWhole.value || shares.isCut.value) && (!noticed.value.length || claims.isWhole.value || claims.isCut.value))

  return (payable: Payable) => {
    if (!isKnown.value) return { banks: [], isPledged: false, names: [] }
    const isPaid = left(payable) <= 0n
    const over = claims.items.value.filter((one) => one.payable_ids?.includes(payable.id))
    const due = noticed.value.filter((one) => over.some(({ id }) => id === one.receivable_id) && dueTo(one, isPaid) !== null)
    const banks = [...new Set(due.map((one) => one.notice!.factor_name))]
    const told = due.reduce((sum, one) => sum + dueTo(one, isPaid)!, 0n)
    // Where a claim is on several debts, nobody knows how much of each is the bank's.
    const isShared = due.some((one) => over.some(({ id, payable_ids }) => id === one.receivable_id && payable_ids!.length > 1))
    const hasRest = isShared || told < (isPaid ? fen(payable.paid) : left(payable))
    return { banks, isPledged: due.some((one) => one.security === 'pledge'), names: [...banks, ...(hasRest ? [payable.supplier_name ?? ''] : [])].filter(Boolean) }
  }
}
export type PayeesOf = ReturnType<typeof usePayees>
