/** Offers side by side: what each is best at. */
import { fen, money } from '@/lib/money'
import { daysBetween } from '@/lib/rates'

import type { Application, Offer } from './applications'
import { minus } from './cost'

export const received = (offer: Offer) => minus(offer.amount, offer.fee)

/** 余款: what is left of the claims, paid in full, beyond the loan and its interest to the due date. */
export function surplusOf(application: Application, offer: Offer) {
  const left = fen(application.amount) - fen(offer.amount) - fen(offer.interest)
  return money(left > 0n ? left : 0n)
}

/** 宽限: the loan falls due so many days after the last of the claims, that their money has come by then. */
export const graceOf = (application: Application, offer: Offer): number =>
  application.latest_due_date && offer.loan_due_date ? daysBetween(application.latest_due_date, offer.loan_due_date) : 0

export type Mark = 'cheapest' | 'most' | 'longest' | 'soonest'

const BEST: Record<Mark, (one: Offer) => number> = {
  cheapest: (one) => -(one.all_in_cost_bp ?? Infinity),
  most: (one) => Number(fen(received(one))),
  longest: (one) => Date.parse(one.loan_due_date ?? '') || 0,
  soonest: (one) => -(one.pay_within_hours ?? Infinity),
}

/** By offer; what all share is no mark. */
export function marksOf(offers: readonly Offer[]): Map<string, Mark[]> {
  const found = new Map<string, Mark[]>(offers.map((one) => [one.id, []]))
  for (const [mark, value] of Object.entries(BEST) as [Mark, (one: Offer) => number][]) {
    const best = Math.max(...offers.map(value))
    const winners = offers.filter((one) => value(one) === best)
    if (winners.length < offers.length) winners.forEach((one) => found.get(one.id)?.push(mark))
  }
  return found
}

/** The cheapest first; those that cannot be chosen any more last. */
export function ranked(offers: readonly Offer[]): Offer[] {
  const over = (one: Offer) => (['visible', 'accepted', 'fulfilled'].includes(one.state) ? 0 : 1)
  return [...offers].sort((one, other) => over(one) - over(other) || (one.all_in_cost_bp ?? 0) - (other.all_in_cost_bp ?? 0) || one.id.localeCompare(other.id))
}
