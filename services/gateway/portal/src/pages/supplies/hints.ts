/**
 * What would make a supply found by more demands: what matching looks at, and what it is not told.
 *
 * `score` hints are of the twelve features (`services/matching/features.py`), `verdict` hints of the
 * hard constraints, where whatever is not stated shows the buyer "unknown".
 */
import type { Facet } from '@/api/taxonomy'

import { isStated } from './facets'
import type { SupplyForm } from './form'

export interface Hint {
  /** Names its words, `supplies.hint.<key>`. */
  key: string
  /** The part of the form that it is about. */
  part: string
  sort: 'score' | 'verdict'
  isDone: boolean
}

/** Of all that is stated; `recordCount`: earlier deals that count already. */
export function hintsOf(form: SupplyForm, facets: readonly Facet[], recordCount: number): Hint[] {
  const deals = form.claimed_deals.filter((deal) => deal.title.trim())
  const whole = deals.filter((deal) => deal.place && deal.date && deal.amount)
  const named = form.qualifications.filter((one) => one.name.trim())
  const score = (key: string, part: string, isDone: boolean): Hint => ({ key, part, sort: 'score', isDone })
  const verdict = (key: string, part: string, isDone: boolean): Hint => ({ key, part, sort: 'verdict', isDone })
  return [
    score('name', 'words', form.title.trim() !== ''),
    score('text', 'words', form.text.trim() !== ''),
    score('category', 'words', form.capability_codes.length > 0),
    score('qualification', 'evidence', named.length > 0),
    score('deals', 'deals', recordCount + deals.length > 0),
    score('deal-details', 'deals', recordCount + deals.length > 0 && whole.length === deals.length),
    score('home', 'terms', form.regions.length > 0),
    verdict('qualifications-stated', 'evidence', form.states_qualifications),
    verdict('price', 'terms', form.price_min !== ''),
    verdict('capacity', 'terms', form.capacity_declared !== ''),
    verdict('lead-time', 'terms', form.lead_time_days !== ''),
    ...(facets.length ? [verdict('facets', 'facets', facets.every((facet) => isStated(form.facets[facet.name])))] : []),
  ]
}

/** Names of qualifications and badges whose day has passed: with one of them nothing is verified. */
export function expired(form: SupplyForm, today: string): string[] {
  const over = (day: string) => day !== '' && day < today
  return form.qualifications.filter((one) => one.name.trim() && over(one.expires_on)).map((one) => one.name)
}
