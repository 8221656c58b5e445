/** The confirmed receivables that money can be asked for, and how much of each is asked for. */
import { computed } from 'vue'

import { useNow } from '@/api/clock'
import type { Money } from '@/api/client'
import { Problem } from '@/api/problem'
import { useList, useMany, useOne } from '@/api/resources'
import { fen, money, typed } from '@/lib/money'
import { dateOf } from '@/lib/time'
import { free, isSeller, type Claim } from '@/pages/receivables/claims'

import { SHARES_MAX, type FinancingForm, type Share } from './draft'

export type Fault = 'not-an-amount' | 'over-free' | 'gone' | null
export interface Chosen {
  claim: Claim
  amount: Money | null
  fault: Fault
}

/** All of them, page by page, those that the form has chosen, and the one that the person came from. */
export function useClaims(form: FinancingForm, linked_id: string) {
  const now = useNow()
  const list = useList('receivables', { view: 'mine', state: 'confirmed', limit: 200 })
  const linked = useOne('receivables', linked_id)
  // What was chosen before a reload may be of a page that is not read yet.
  const strays = computed(() => {
    const listed = new Set(list.items.value.map((claim) => claim.id))
    return list.isSuccess.value ? Object.keys(form.amounts).filter((id) => !listed.has(id)).slice(0, SHARES_MAX) : []
  })
  const chosen = useMany('receivables', strays)
  const all = computed((): Claim[] => {
    const others = chosen.items.value.filter((claim) => claim.state === 'confirmed' && strays.value.includes(claim.id))
    const found = [...others, ...list.items.value].filter(isSeller)
    const one = linked.data.value
    return one && isSeller(one) && !found.some((claim) => claim.id === one.id) ? [one, ...found] : found
  })
  const today = computed(() => dateOf(now.value))
  const isOpen = (claim: Claim) => claim.state === 'confirmed' && free(claim) > 0n && (claim.due_date ?? '') > today.value
  /** Why nothing more can be lent on it, as a key of words. */
  const closedBy = (claim: Claim) => `financing.not-open-${claim.state !== 'confirmed' ? 'state' : (claim.due_date ?? '') <= today.value ? 'due' : 'used'}`
  /** Whether it is known of all that were chosen what has become of them. */
  const isKnown = computed(() => list.isSuccess.value && !chosen.isPending.value && !(chosen.error.value instanceof Problem && chosen.error.value.isPassing))
  const isPending = computed(() => list.isPending.value || chosen.isPending.value)
  const error = computed(() => list.error.value ?? (isKnown.value ? null : chosen.error.value))
  return { list, all, isOpen, closedBy, isKnown, isPending, error, today }
}

/** What of them the form asks for, and what is wrong with it. */
export function useChosen(form: FinancingForm, { all, isOpen, isKnown }: ReturnType<typeof useClaims>) {
  const chosen = computed((): Chosen[] =>
    all.value
      .filter((claim) => claim.id in form.amounts)
      .map((claim) => ({ claim, amount: typed(form.amounts[claim.id]), fault: faultOf(claim, form.amounts[claim.id], isOpen(claim)) })),
  )
  const gone = computed(() => (isKnown.value ? Object.keys(form.amounts).filter((id) => !all.value.some((claim) => claim.id === id)) : []))
  const total = computed(() => money(chosen.value.reduce((sum, one) => sum + fen(one.amount), 0n)))
  const isWhole = computed(
    () =>
      chosen.value.length > 0 &&
      chosen.value.length <= SHARES_MAX &&
      chosen.value.length === Object.keys(form.amounts).length &&
      chosen.value.every((one) => one.fault === null),
  )
  const shares = computed((): Share[] =>
    isWhole.value ? chosen.value.map(({ claim, amount }) => ({ receivable_id: claim.id, amount: amount! })) : [],
  )
  const until = computed(() => chosen.value.map(({ claim }) => claim.due_date ?? '').reduce((last, one) => (one > last ? one : last), ''))
  return { chosen, gone, total, shares, until, isWhole }
}

function faultOf(claim: Claim, text: string, isOpen: boolean): Fault {
  if (!isOpen) return 'gone'
  const amount = typed(text)
  if (!amount || fen(amount) <= 0n) return 'not-an-amount'
  return fen(amount) > free(claim) ? 'over-free' : null
}
