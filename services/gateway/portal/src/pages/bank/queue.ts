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

export const SORTS = ['newest', 'due', 'amount'] as const
export const WORDS = { most: 5, letters: 2, length: 60 } // of one search, as the platform takes them

export interface QueueFilters {
  /** Who of applicant or debtors it is about, or the number. */
  q: string
  state: string
  amount_from: string
  amount_to: string
  /** The last day of the window for offers is at most this. */
  due_to: string
  sort: string
  mine: boolean
}
const NAMES = ['q', 'state', 'amount_from', 'amount_to', 'due_to', 'sort'] as const

export function filtersOf(query: LocationQuery): QueueFilters {
  const given = NAMES.map((name) => [name, String(query[name] ?? '')])
  return { ...Object.fromEntries(given), mine: query.mine === 'yes' } as QueueFilters
}

export function queryOf(filters: QueueFilters): Record<string, string> {
  const given = NAMES.filter((name) => filters[name].trim()).map((name) => [name, filters[name].trim()])
  return Object.fromEntries([...given, ...(filters.mine ? [['mine', 'yes']] : [])])
}

/** Keys of words for what cannot be asked so. */
export function faults(filters: QueueFilters): string[] {
  const words = filters.q.trim().split(/\s+/).filter(Boolean)
  const isLong = filters.q.length > WORDS.length || words.length > WORDS.most
  const amounts = [filters.amount_from, filters.amount_to]
  const [least, most] = amounts.map((text) => typed(text))
  return [
    ...(isLong || words.some((word) => [...word].length < WORDS.letters) ? ['bank.not-a-search'] : []),
    ...(amounts.some((text) => text !== '' && !typed(text)) ? ['common.not-an-amount'] : []),
    ...(least && most && fen(most) < fen(least) ? ['bank.range-backwards'] : []),
  ]
}

/** As the platform is asked; whose turn it is, it says by steps alone. */
export function asked(filters: QueueFilters, view: string): Filters<'applications'> {
  const wrong = faults(filters)
  const state = filters.state || (filters.mine ? 'offering' : '')
  const given = {
    q: wrong.includes('bank.not-a-search') ? '' : filters.q.trim(),
    amount_from: wrong.length ? undefined : typed(filters.amount_from)?.amount,
    amount_to: wrong.length ? undefined : typed(filters.amount_to)?.amount,
    due_to: filters.due_to,
    sort: SORTS.find((one) => one === filters.sort),
    state,
  }
  const said = Object.entries(given).filter(([, value]) => value)
  return { view: view === 'all' ? 'bank' : 'mine', limit: 50, ...Object.fromEntries(said) }
}

/** Of each application one's own newest offer; the list is the newest first. */
export function newestOffers(offers: readonly Offer[]): Map<string, Offer> {
  const found = new Map<string, Offer>()
  for (const offer of offers) if (!found.has(offer.application_id!)) found.set(offer.application_id!, offer)
  return found
}

/** A bank to which the sheet is not open sees a teaser. */
export const isMasked = (item: Application): boolean => item.applicant_id === undefined
