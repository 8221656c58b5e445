/** The quotes of a demand once they are opened, lowest price first. */
import { computed } from 'vue'

import type { Schemas } from '@/api/client'
import { useList } from '@/api/resources'
import { may } from '@/api/session'
import { fen } from '@/lib/money'

import type { Demand } from './form'
import type { Match } from './scores'

export type Quote = Schemas['QuoteState']

export function useOpened(of: () => Demand) {
  const isSealed = computed(() => of().state === 'published')
  const list = useList('quotes', () => ({ thread_id: of().id, limit: 200 }), () => !isSealed.value)
  // An amendment ends what answered the version before; none of it was ever shown.
  const quotes = computed(() => list.items.value.filter((one) => one.price))
  const sorted = computed(() => [...quotes.value].sort((one, other) => (fen(one.price) < fen(other.price) ? -1 : 1)))
  const lowest = computed(() => sorted.value[0]?.price?.amount)
  const soonest = computed(() => Math.min(...quotes.value.map((one) => one.delivery_days ?? Infinity)))
  const canAward = (quote: Quote) => of().state === 'evaluating' && quote.state === 'opened' && may('demands:award')
  const isAwarded = (quote: Quote) => quote.id === of().awarded_quote_id
  const ofMatch = (match: Match) => sorted.value.find((one) => one.match_id === match.id) ?? sorted.value.find((one) => one.supply_id === match.supply_id)
  return { isSealed, list, sorted, lowest, soonest, canAward, isAwarded, ofMatch }
}
