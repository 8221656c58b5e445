/** A supply as its supplier fills it in, and back: everything that `DraftSupply` has. */
import type { Body, Schemas } from '@/api/client'
import type { Facet } from '@/api/taxonomy'
import { typed } from '@/lib/money'

import { facetsForm, facetsOf, type FacetForms } from './facets'

export type Supply = Schemas['SupplyState']
export type Given = Body<'/api/v1/supplies'>
export type Kind = Given['kind']
export type Period = NonNullable<Given['capacity_period']>

export interface QualificationForm {
  name: string
  grade: string
  expires_on: string
}
export interface BadgeForm {
  code: string
  certificate_number: string
  expires_on: string
}
export interface DealForm {
  title: string
  buyer: string
  place: string
  date: string
  amount: string
  outcome: string
}
export interface SupplyForm {
  /** Of the supply that is amended, as it was when this was begun. */
  sequence: number
  kind: Kind
  title: string
  text: string
  item_code: string
  categories: string[]
  capability_codes: string[]
  regions: string[]
  /** Whether the qualifications are stated at all: none and "not stated" are two answers. */
  states_qualifications: boolean
  qualifications: QualificationForm[]
  claimed_badges: BadgeForm[]
  claimed_deals: DealForm[]
  price_min: string
  price_max: string
  capacity_declared: string
  capacity_unit: string
  capacity_period: Period | ''
  lead_time_days: string
  facets: FacetForms
  // Not asked for in the form, kept as they are.
  gbt4754: string
  external_code: string
}

export const PERIODS: Period[] = ['day', 'week', 'month', 'quarter', 'year', 'total']
// In the platform's order; their names are the words of `badge`.
export const BADGES = ['high_tech', 'tech_sme', 'innovative_sme', 'specialised_sme', 'little_giant', 'champion', 'gazelle', 'unicorn']
export const OUTCOMES = ['won', 'delivered', 'bid']

export const newQualification = (): QualificationForm => ({ name: '', grade: '', expires_on: '' })
export const newBadge = (): BadgeForm => ({ code: '', certificate_number: '', expires_on: '' })
export const newDeal = (): DealForm => ({ title: '', buyer: '', place: '', date: '', amount: '', outcome: 'won' })

/** `null` for a new one. Capabilities that were recognised stay recognised. */
export function formOf(supply: Supply | null): SupplyForm {
  return {
    sequence: supply?.sequence ?? 0,
    kind: supply?.kind ?? 'product',
    title: supply?.title ?? '',
    text: supply?.text ?? '',
    item_code: supply?.item_code ?? '',
    categories: [...(supply?.categories ?? [])],
    capability_codes: supply?.capabilities_from === 'given' ? [...(supply.capability_codes ?? [])] : [],
    regions: [...(supply?.regions ?? [])],
    states_qualifications: Array.isArray(supply?.qualifications),
    qualifications: (supply?.qualifications ?? []).map(qualificationForm),
    claimed_badges: (supply?.claimed_badges ?? []).map((badge) => ({ ...badge })),
    claimed_deals: (supply?.claimed_deals ?? []).map(dealForm),
    price_min: supply?.price_min?.amount ?? '',
    price_max: supply?.price_max?.amount ?? '',
    capacity_declared: text(supply?.capacity_declared),
    capacity_unit: supply?.capacity_unit ?? '',
    capacity_period: supply?.capacity_period ?? '',
    lead_time_days: text(supply?.lead_time_days),
    facets: facetsForm(supply?.facets),
    gbt4754: supply?.gbt4754 ?? '',
    external_code: supply?.external_code ?? '',
  }
}

export const qualificationForm = (one: Schemas['Qualification']): QualificationForm => ({
  name: one.name,
  grade: one.grade ?? '',
  expires_on: one.expires_on ?? '',
})

export const dealForm = (one: Schemas['TrackRecord']): DealForm => ({
  title: one.title,
  buyer: one.buyer ?? '',
  place: one.place ?? '',
  date: one.date ?? '',
  amount: one.amount?.amount ?? '',
  outcome: one.outcome,
})

/** What is sent. Rows without a name are not begun. `facets`: those of its kind. */
export function bodyOf(form: SupplyForm, facets: readonly Facet[]): Given {
  const badges = form.claimed_badges.filter((badge) => badge.code)
  return {
    kind: form.kind,
    title: form.title.trim(),
    text: form.text,
    item_code: form.item_code.trim() || null,
    categories: form.categories,
    capability_codes: form.capability_codes,
    regions: form.regions,
    qualifications: form.states_qualifications ? form.qualifications.filter(isNamed).map(qualification) : null,
    claimed_badges: badges.map((badge) => ({ ...badge })) as Given['claimed_badges'],
    claimed_deals: form.claimed_deals.filter((deal) => deal.title.trim()).map(deal) as Given['claimed_deals'],
    price_min: typed(form.price_min),
    price_max: typed(form.price_max),
    capacity_declared: count(form.capacity_declared),
    capacity_unit: form.capacity_unit.trim() || null,
    capacity_period: form.capacity_period || null,
    lead_time_days: count(form.lead_time_days),
    facets: facetsOf(form.facets, facets) as Given['facets'],
    gbt4754: form.gbt4754 || null,
    external_code: form.external_code || null,
  }
}

/** Whether the operator has to look again: other qualifications or badges than the supply has. */
export function hasOtherEvidence(form: SupplyForm, supply: Supply): boolean {
  const [now, before] = [bodyOf(form, []), bodyOf(formOf(supply), [])]
  const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other)
  return !same(now.qualifications, before.qualifications) || !same(now.claimed_badges, before.claimed_badges)
}

const isNamed = (one: QualificationForm) => one.name.trim() !== ''
const text = (count: number | null | undefined) => (count === null || count === undefined ? '' : String(count))
export const count = (text: string) => (/^\d{1,15}$/.test(text.trim()) ? Number(text) : null)

function qualification(one: QualificationForm) {
  return { name: one.name.trim(), grade: one.grade.trim() || null, expires_on: one.expires_on || null }
}

function deal(one: DealForm) {
  const said = { title: one.title.trim(), buyer: one.buyer.trim() || null, place: one.place.trim() || null }
  return { ...said, date: one.date || null, amount: typed(one.amount), outcome: one.outcome }
}
