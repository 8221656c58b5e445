/** What each product could lend on the chosen receivables and at what price, before anybody is told. */
import { useQuery } from '@tanstack/vue-query'
import { computed, type ComputedRef } from 'vue'

import { act, type Schemas } from '@/api/client'
import { useList } from '@/api/resources'
import { me } from '@/api/session'
import { fen } from '@/lib/money'
import { daysBetween, plusDays, rateOf } from '@/lib/rates'

import { costOf, type Cost } from './cost'
import type { FinancingForm, Share } from './draft'

type Product = Schemas['ProductState']
type Offer = Schemas['OfferState']
export interface Estimate {
  id: string
  bank_id: string
  product?: Product
  amount: Schemas['ProductEstimate']['amount']
  refusals: string[]
  term_days: number
  /** Those that bear interest: to the loan's due date, which comes after the claim's. */
  days: number
  /** The bank's last offer to this organisation, if there was one: its price is taken. */
  before?: Offer
  rate_bp: number
  cost: Cost | null
}

/** Nothing is stored and no bank is told; renewed when a receivable changes. */
export function usePrecheck(shares: ComputedRef<Share[]>) {
  return useQuery({
    queryKey: computed((): unknown[] => ['asked', 'receivables', 'precheck', shares.value]),
    queryFn: () => act('/api/v1/applications/precheck', { body: { shares: shares.value } }),
    enabled: computed(() => shares.value.length > 0),
  })
}

/** One entry a product, those that could lend first, the cheapest of them at the top. */
export function useEstimates(form: FinancingForm, query: ReturnType<typeof usePrecheck>, today: ComputedRef<string>, until: ComputedRef<string>) {
  const products = useList('products', { view: 'public', limit: 200 })
  const offers = useList('offers', { view: 'mine', limit: 50 })
  return computed((): Estimate[] => {
    const found = (query.data.value?.products ?? []).map((one) => {
      const product = products.items.value.find((each) => each.id === one.product_id)
      const before = offers.items.value.find((each) => each.bank_id === one.bank_id && each.applicant_id === me.value.party.id && each.rate_bp != null)
      return priced(form, { id: one.product_id ?? '', bank_id: one.bank_id ?? '', product, before, amount: one.amount, refusals: one.refusals ?? [], term_days: one.term_days ?? 0 }, today.value, until.value)
    })
    return found.sort((one, other) => rank(one) - rank(other))
  })
}

function priced(form: FinancingForm, one: Omit<Estimate, 'rate_bp' | 'cost' | 'days'>, today: string, until: string): Estimate {
  const rate_bp = one.before?.rate_bp ?? rateOf(form.rate) ?? 0
  const days = until ? daysBetween(today, plusDays(until, one.product?.grace_days ?? 0)) : 0
  if (one.refusals.length || !one.amount || !until) return { ...one, rate_bp, days, cost: null }
  const cost = costOf(one.amount, rate_bp, feeOf(one.before) ?? rateOf(form.fee) ?? 0, days, one.product?.day_count ?? 'ACT/360')
  return { ...one, rate_bp, days, cost }
}

/** The fee of an offer as basis points of its amount. */
function feeOf(offer?: Offer): number | null {
  return offer && fen(offer.amount) > 0n ? Number((fen(offer.fee) * 10_000n) / fen(offer.amount)) : null
}

const rank = (one: Estimate): number => (one.refusals.length ? 1e9 : (one.cost?.all_in_bp ?? 1e8))

/** By bank: whether any of its products could lend, how much at most, and why not. */
export function byBank(estimates: readonly Estimate[]) {
  const banks = new Map<string, { bank_id: string; name: string; best: Estimate }>()
  for (const one of estimates)
    if (!banks.has(one.bank_id)) banks.set(one.bank_id, { bank_id: one.bank_id, name: one.product?.bank_name ?? '', best: one })
  return [...banks.values()]
}
