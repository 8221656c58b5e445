/** An application as its applicant follows it, and the way from asking to money. */
import type { Schemas } from '@/api/client'
import type { One } from '@/api/resources'
import type { Entry } from '@/api/steps'

export type Application = One<'applications'>
export type Offer = Schemas['OfferState']
export type Position = Schemas['PositionState']
export type Loan = Schemas['LoanState']

export const STATES = ['offering', 'selecting', 'securing', 'ready', 'disbursed', 'closed', 'declined', 'withdrawn', 'expired'] as const
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

/** When each part of the way was reached; the latest counts, as a bank may lapse and another be chosen. */
export function marks(application: Application, story: readonly Entry[]): Mark[] {
  const last = (type: string) => story.findLast((entry) => entry.type.startsWith(type))?.occurred_at ?? null
  return [
    { name: 'submitted', at: application.submitted_at ?? null },
    { name: 'offers', at: last('application.offers_closed') },
    { name: 'chosen', at: application.accepted_offer_id ? last('application.offer_chosen') : null },
    { name: 'secured', at: application.accepted_offer_id ? last('application.ready') : null },
    { name: 'paid', at: last('application.disbursed') },
  ]
}

/** What of a deal's story is about this application. */
export function ownStory(story: readonly Entry[], application: Application, offers: readonly Offer[]): Entry[] {
  const ids = new Set([application.id, application.loan_id, ...(application.shares ?? []).map((share) => share.position_id), ...offers.map((offer) => offer.id)])
  return story.filter((entry) => ids.has(entry.resource_id))
}

export const hours = (from: string, to: string | Date): number => (new Date(to).getTime() - new Date(from).getTime()) / HOUR_MS
