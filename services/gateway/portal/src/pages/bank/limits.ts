/** Credit limits 授信额度 of one's own bank, and what of them is left. */
import { computed } from 'vue'

import { useWhole, type One } from '@/api/resources'
import { fen } from '@/lib/money'

export type Limit = One<'limits'>
/** Offers may reserve on them. */
export const OPEN: readonly string[] = ['approved', 'changing']
/** A sum waits for a second person. */
export const WAITING: readonly string[] = ['prepared', 'changing', 'reopening']
export const STATES = ['prepared', 'approved', 'changing', 'ended', 'reopening', 'rejected'] as const
export const SCOPES = ['total', 'debtor', 'group', 'borrower', 'product'] as const

export const room = (limit: Limit): bigint => fen(limit.granted) - fen(limit.reserved) - fen(limit.used)

/** Of a limit in tenths of a percent, at most all of it. */
export function permille(part: bigint, whole: bigint): number {
  return whole > 0n ? Math.min(1000, Number((part * 1000n) / whole)) : 0
}

/** Those that an application counts against; a product's only once an offer names one. */
export function useApplying(about: () => { debtor_ids?: string[]; applicant_id?: string }) {
  const list = useWhole('limits', { limit: 200 })
  const applying = computed(() =>
    list.items.value.filter(
      (one) =>
        OPEN.includes(one.state) &&
        (one.scope === 'total' ||
          (one.scope === 'debtor' && about().debtor_ids?.includes(one.subject_id ?? '')) ||
          (one.scope === 'borrower' && one.subject_id === about().applicant_id)),
    ),
  )
  const missing = computed(() =>
    !list.isWhole.value ? [] : (about().debtor_ids ?? []).filter((id) => !applying.value.some((one) => one.scope === 'debtor' && one.subject_id === id)),
  )
  /** What there is for the debtor that does not apply yet or any more. */
  const idle = (id: string) => list.items.value.find((one) => one.scope === 'debtor' && one.subject_id === id && one.state !== 'rejected')
  return { ...list, applying, missing, idle }
}
