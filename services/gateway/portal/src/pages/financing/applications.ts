/** An application as its applicant follows it, and the way from asking to money. */
import type { Schemas } from '@/api/client'
import type { One } from '@/api/resources'
import type { Entry } from '@/api/steps'

export type Application = One<'applications'>
export type Offer = Schemas['OfferState']
export type Position = Schemas['PositionState']
export type Loan = Schemas['LoanState']

/** Until money is on its way the applicant may give up (`finance/lifecycle.py`). */
export const WITHDRAWABLE: readonly string[] = ['offering', 'selecting', 'securing', 'releasing']
/** Whom it opens to later could not offer any more. */
export const OPENABLE: readonly string[] = ['offering']
export const OVER: readonly string[] = ['disbursed', 'closed', 'declined', 'withdrawn', 'expired']
export const GOAL_HOURS = 48 // from application to money, at the fastest

const HOUR_MS = 3_600_000

export interface Mark {
  name: 'submitted' | 'offers' | 'chosen' | 'secured' | 'paid'
  at: string | null
}

/** When each part of the way was reached, all by business time. */
export function marks(application: Application, accepted: Offer | undefined, loan: Loan | undefined): Mark[] {
  const hasOffers = (application.offer_count ?? 0) > 0
  return [
    { name: 'submitted', at: application.submitted_at ?? null },
    { name: 'offers', at: hasOffers ? (application.offers_until ?? null) : null },
    { name: 'chosen', at: accepted?.pay_until ? chosenAt(accepted.pay_until, accepted.pay_within_hours ?? 0) : null },
    { name: 'secured', at: loan?.instructed_at ?? null },
    { name: 'paid', at: loan?.disbursed_at ?? null },
  ]
}

/** A bank's time to pay begins with the choice. */
const chosenAt = (pay_until: string, within_hours: number): string => new Date(Date.parse(pay_until) - within_hours * HOUR_MS).toISOString()

/** What of a deal's story is about this application. */
export function ownStory(story: readonly Entry[], application: Application, offers: readonly Offer[]): Entry[] {
  const ids = new Set([application.id, application.loan_id, ...(application.shares ?? []).map((share) => share.position_id), ...offers.map((offer) => offer.id)])
  return story.filter((entry) => ids.has(entry.resource_id))
}

export const hours = (from: string, to: string | Date): number => (new Date(to).getTime() - new Date(from).getTime()) / HOUR_MS
