/** What is owed 应付款项: by the day it is due, summed by month, and what a day late costs. */
import { computed, toValue, type MaybeRefOrGetter } from 'vue'

import type { Money } from '@/api/client'
import { useWhole, type Filters, type One } from '@/api/resources'
import { fen } from '@/lib/money'
import { halfUp } from '@/lib/rates'

export type Payable = One<'payables'>
export type Report = NonNullable<Payable['reported_payments']>[number]
export const OPEN = ['overdue', 'due', 'part_paid', 'running', 'scheduled'] as const
export const SETTLED = ['paid', 'paid_late'] as const
export const CLAIMABLE: readonly string[] = ['running', 'due', 'part_paid'] // `finance/evidence.py`
const PAGE = 100

export const left = (payable: Payable): bigint => fen(payable.amount) - fen(payable.paid)

/** What the buyer says it paid since anything was last recorded as received, in fen. */
export const waiting = (payable: Payable): bigint =>
  (payable.reported_payments ?? []).filter((one) => answers(one, payable.paid) === 0n).reduce((total, one) => total + fen(one.amount), 0n)
/** What was recorded as received after it, in fen. */
export const answers = (report: Report, received: Money | null | undefined): bigint => fen(received) - fen(report.received_before)

export const sum = (payables: readonly Payable[]): bigint => payables.reduce((total, one) => total + left(one), 0n)

/** All of one's organisation in these states that fit, read to the end. */
export function usePayables(states: readonly string[], isWanted: MaybeRefOrGetter<boolean> = true, filters: MaybeRefOrGetter<Filters<'payables'>> = {}) {
  const lists = states.map((state) => useWhole('payables', () => ({ ...toValue(filters), state, limit: PAGE }), isWanted))
  return {
    items: computed(() => lists.flatMap((list) => list.items.value)),
    /** Whether more comes by itself. */
    isReading: computed(() => lists.some((list) => !list.isWhole.value && !list.isCut.value && !list.error.value)),
    isPending: computed(() => lists.some((list) => list.isPending.value)),
    error: computed(() => lists.find((list) => list.error.value)?.error.value ?? null),
    isCut: computed(() => lists.some((list) => list.isCut.value)),
  }
}

export interface Month {
  month: string
  days: { date: string; items: Payable[] }[]
  items: Payable[]
}

/** By month and day of what falls due, earliest first. */
export function calendar(payables: readonly Payable[]): Month[] {
  const months = new Map<string, Map<string, Payable[]>>()
  for (const one of payables) {
    const date = one.due_date ?? ''
    const days = months.get(date.slice(0, 7)) ?? new Map<string, Payable[]>()
    months.set(date.slice(0, 7), days.set(date, [...(days.get(date) ?? []), one]))
  }
  return [...months].sort(byKey).map(([month, days]) => {
    const sorted = [...days].sort(byKey).map(([date, items]) => ({ date, items }))
    return { month, days: sorted, items: sorted.flatMap((one) => one.items) }
  })
}

const byKey = ([one]: [string, unknown], [other]: [string, unknown]) => (one < other ? -1 : 1)

const SME = ['medium', 'small', 'micro']
const PUBLIC = ['government', 'public_institution']
const YEAR_BP = 365n * 10_000n

/**
 * What so many days late cost on what is still owed, in fen, half up (`orders/rules/owing.py`): as
 * agreed, or by Decree 802 art. 17; null: nothing is owed.
 */
export function lateInterest(payable: Payable, contract: One<'contracts'>, days: number): bigint | null {
  const agreed = contract.terms?.late_rate_bp
  const amount = left(payable) * BigInt(days)
  if (agreed !== null && agreed !== undefined) return halfUp(amount * BigInt(agreed), YEAR_BP)
  return isProtected(contract) ? halfUp(amount * 5n, 10_000n) : null
}

function isProtected(contract: One<'contracts'>): boolean {
  const isPublic = PUBLIC.includes(contract.buyer_nature ?? '') || contract.buyer_fiscal_funded === true
  return SME.includes(contract.supplier_size ?? '') && (isPublic || contract.buyer_size === 'large')
}
