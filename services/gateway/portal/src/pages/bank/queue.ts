/** The filters of the queue: they live in the address, so that they can be shared and saved. */
import type { LocationQuery } from 'vue-router'

import type { Filters, One } from '@/api/resources'
import { fen, typed } from '@/lib/money'

export type Application = One<'applications'>
export type Offer = One<'offers'>
export const VIEWS = ['opened', 'all'] as const
export const STATES = ['offering', 'selecting', 'securing', 'ready', 'disbursed', 'closed', 'declined', 'withdrawn', 'expired'] as const
/** Offers of which there is at most one for an application. */
export const LIVE = ['prepared', 'sealed', 'visible', 'accepted', 'fulfilled']

export interface QueueFilters {
  /** Who of applicant or debtors it is about, or the number. */
  q: string
  state: string
  amount_from: string
  amount_to: string
  /** The last day of the claims is at most this. */
  due: string
  mine: boolean
}
const NAMES = ['q', 'state', 'amount_from', 'amount_to', 'due'] as const

export function filtersOf(query: LocationQuery): QueueFilters {
  const text = (name: string) => String(query[name] ?? '')
  return { q: text('q'), state: text('state'), amount_from: text('amount_from'), amount_to: text('amount_to'), due: text('due'), mine: query.mine === 'yes' }
}

export function queryOf(filters: QueueFilters): Record<string, string> {
  const given = NAMES.filter((name) => filters[name].trim()).map((name) => [name, filters[name].trim()])
  return Object.fromEntries([...given, ...(filters.mine ? [['mine', 'yes']] : [])])
}

/** What of the filters the platform applies; the others are applied to what has been read. */
export function asked(filters: QueueFilters, view: string): Filters<'applications'> {
  return { view: view === 'all' ? 'bank' : 'mine', limit: 50, ...(filters.state ? { state: filters.state } : {}) }
}

export function isFound(item: Application, filters: QueueFilters, toAnswer: ReadonlySet<string>): boolean {
  const [least, most] = [typed(filters.amount_from), typed(filters.amount_to)]
  const names = [item.number, item.applicant_name, ...(item.debtor_names ?? [])].join('\n').toLowerCase()
  return (
    names.includes(filters.q.trim().toLowerCase()) &&
    (!least || (item.amount !== undefined && fen(item.amount) >= fen(least))) &&
    (!most || (item.amount !== undefined && fen(item.amount) <= fen(most))) &&
    (!filters.due || (item.latest_due_date ?? '9999') <= filters.due) &&
    (!filters.mine || toAnswer.has(item.id))
  )
}

/** Of each application one's own newest offer; the list is the newest first. */
export function newestOffers(offers: readonly Offer[]): Map<string, Offer> {
  const found = new Map<string, Offer>()
  for (const offer of offers) if (!found.has(offer.application_id!)) found.set(offer.application_id!, offer)
  return found
}

/** A bank to which the sheet is not open sees a teaser. */
export const isMasked = (item: Application): boolean => item.applicant_id === undefined
