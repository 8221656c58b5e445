/** Credit limits 授信额度 of one's own bank, and what of them is left. */
import { computed } from 'vue'

import { useWhole, type One } from '@/api/resources'
import { fen } from '@/lib/money'

export type Limit = One<'limits'>
/** Offers may reserve on them. */
export const OPEN: readonly string[] = ['approved', 'changing']
/** A sum waits for a second person. */
export const WAITING: readonly string[] = ['prepared', 'changing', 'reopening']
export const STATES = ['prepared', 'approved', 'changing', 'ended', 'reopening', 'rejected', 'withdrawn'] as const
/** It never was one: it stands in nobody's way. */
export const VOID: readonly string[] = ['rejected', 'withdrawn']
export const SCOPES = ['total', 'debtor', 'group', 'borrower', 'product'] as const

export const room = (limit: Limit): bigint => fen(limit.granted) - fen(limit.reserved) - fen(limit.used)

/** Of a limit in tenths of a percent, at most all of it. */
export function permille(part: bigint, whole: bigint): number {
  return whole > 0n ? Math.min(1000, Number((part * 1000n) / whole)) : 0
}

/** Ended, or about to be reopened: nothing may be reserved on them, and what counts against them is refused. */
const SHUT: readonly string[] = ['ended', 'reopening']

/** Those that an application counts against; a product's only where an offer names one. */
export function useApplying(about: () => { debtor_ids?: string[]; applicant_id?: string }, product = () => '') {
  const list = useWhole('limits', { limit: 200 })
  const subjects = computed(() => new Map<string, readonly (string | undefined)[]>([['debtor', about().debtor_ids ?? []], ['borrower', [about().applicant_id]], ['product', [product()]]]))
  const applies = (one: Limit) => one.scope === 'total' || (subjects.value.get(one.scope!)?.includes(one.subject_id ?? '') ?? false)
  const applying = computed(() => list.items.value.filter((one) => OPEN.includes(one.state) && applies(one)))
  const shut = computed(() => list.items.value.filter((one) => SHUT.includes(one.state) && applies(one)))
  const missing = computed(() =>
    !list.isWhole.value ? [] : (about().debtor_ids ?? []).filter((id) => !applying.value.some((one) => one.scope === 'debtor' && one.subject_id === id)),
  )
  const hasTotal = computed(() => !list.isWhole.value || applying.value.some((one) => one.scope === 'total'))
  /** What there is for the debtor that does not apply yet or any more. */
  const idle = (id: string) => list.items.value.find((one) => one.scope === 'debtor' && one.subject_id === id && !VOID.includes(one.state))
  return { ...list, applying, shut, missing, hasTotal, idle }
}
