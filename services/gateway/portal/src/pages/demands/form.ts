/** A demand as its form holds it: text as typed, so that nothing is lost on the way to a value. */
import type { Money, Schemas } from '@/api/client'
import { typed } from '@/lib/money'

import { emptyTerms, termsBody, termsForm, type TermsForm } from './terms'

export type Demand = Schemas['DemandState']
export type Draft = Schemas['DraftDemand']
export type Requirement = Schemas['Requirement']

export interface NamedGrade {
  name: string
  grade: string
}
export interface RequirementForm extends NamedGrade {
  alternatives: NamedGrade[]
}
/** One facet, whatever its type; the kind says which part of it counts. */
export interface FacetForm {
  codes: string[]
  min: string
  max: string
  day: string
  flag: boolean
}
export interface DemandForm {
  kind: Draft['kind']
  method: Draft['method']
  title: string
  text: string
  category: string
  region: string
  quantity: string
  budget: string
  /** As `datetime-local` has it, of Asia/Shanghai. */
  quote_deadline: string
  delivery_due_date: string
  /** Nothing stated is not the same as nothing required. */
  asks: 'unknown' | 'none' | 'some'
  requirements: RequirementForm[]
  performance: string
  facets: Record<string, FacetForm>
  terms: TermsForm
}

export interface Facet {
  name: string
  type: string
}

export function emptyForm(): DemandForm {
  return {
    kind: 'order', method: 'inquiry', title: '', text: '', category: '', region: '', quantity: '', budget: '',
    quote_deadline: '', delivery_due_date: '', asks: 'unknown', requirements: [], performance: '', facets: {},
    terms: emptyTerms(),
  }
}

export const emptyFacet = (): FacetForm => ({ codes: [], min: '', max: '', day: '', flag: false })

/** What is sent; `facets`: those of the form's kind. What is no amount stays out: the form says so. */
export function bodyOf(form: DemandForm, facets: readonly Facet[]): Draft {
  return {
    kind: form.kind,
    method: form.method,
    title: form.title.trim(),
    text: form.text,
    category: form.category.trim() || null,
    region: form.region.trim() || null,
    quantity: form.quantity.trim() || null,
    budget: typed(form.budget),
    quote_deadline_at: form.quote_deadline ? instantOf(form.quote_deadline) : null,
    delivery_due_date: form.delivery_due_date || null,
    requirements: requirementsBody(form),
    performance: form.performance.trim() || null,
    facets: facetsBody(form, facets) as Draft['facets'],
    terms: termsBody(form.terms),
  }
}

export function formOf(demand: Demand): DemandForm {
  return {
    ...emptyForm(),
    kind: demand.kind ?? 'order',
    method: demand.method ?? 'inquiry',
    title: demand.title ?? '',
    text: demand.text ?? '',
    category: demand.category ?? '',
    region: demand.region ?? '',
    quantity: demand.quantity ?? '',
    budget: demand.budget?.amount ?? '',
    quote_deadline: local(demand.quote_deadline_at),
    delivery_due_date: demand.delivery_due_date ?? '',
    asks: demand.requirements ? (demand.requirements.length ? 'some' : 'none') : 'unknown',
    requirements: (demand.requirements ?? []).map(requirementForm),
    performance: demand.performance ?? '',
    facets: facetsForm(demand.facets as Record<string, unknown> | null),
    terms: demand.terms ? termsForm(demand.terms) : emptyTerms(),
  }
}

export function requirementForm(required: Requirement): RequirementForm {
  const plain = (one: { name: string; grade: string | null }) => ({ name: one.name, grade: one.grade ?? '' })
  return { ...plain(required), alternatives: (required.alternatives ?? []).map(plain) }
}

/** The instant that a `datetime-local` means, in Asia/Shanghai. */
export const instantOf = (typed: string) => `${typed.slice(0, 16)}:00+08:00`

/** An instant as `datetime-local` has it, of Asia/Shanghai. */
export function local(instant: string | null | undefined): string {
  if (!instant) return ''
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai', dateStyle: 'short', timeStyle: 'short' })
  return format.format(new Date(instant)).replace(' ', 'T')
}

function requirementsBody(form: DemandForm): Draft['requirements'] {
  if (form.asks === 'unknown') return null
  if (form.asks === 'none') return []
  const given = (one: NamedGrade) => ({ name: one.name.trim(), grade: one.grade.trim() || null })
  const named = (one: NamedGrade) => one.name.trim() !== ''
  return form.requirements
    .filter(named)
    .map((one) => ({ ...given(one), alternatives: one.alternatives.filter(named).map(given) }))
}

function facetsBody(form: DemandForm, facets: readonly Facet[]): Record<string, unknown> | null {
  const stated = facets.flatMap((facet) => {
    const value = facetValue(facet.type, form.facets[facet.name] ?? emptyFacet())
    return value === undefined ? [] : [[facet.name, value] as const]
  })
  return stated.length ? Object.fromEntries(stated) : null
}

function facetValue(type: string, form: FacetForm): unknown {
  if (type === 'codes' || type === 'capabilities') return form.codes.length ? [...form.codes] : undefined
  if (type === 'day') return form.day || undefined
  if (type === 'flag') return form.flag || undefined
  const ends = Object.entries({ min: endOf(type, form.min), max: endOf(type, form.max) }).filter(([, end]) => end !== null)
  return ends.length ? Object.fromEntries(ends) : undefined
}

/** Whether one end of a range is empty, or what its type takes. */
export const isEnd = (type: string, text: string) => text.trim() === '' || endOf(type, text) !== null
const endOf = (type: string, text: string) =>
  type === 'money' ? typed(text) : /^\d{1,15}$/.test(text.trim()) ? Number(text) : null

function facetsForm(stated: Record<string, unknown> | null): Record<string, FacetForm> {
  return Object.fromEntries(Object.entries(stated ?? {}).map(([name, value]) => [name, facetForm(value)]))
}

function facetForm(value: unknown): FacetForm {
  if (Array.isArray(value)) return { ...emptyFacet(), codes: value.map(String) }
  if (typeof value === 'string') return { ...emptyFacet(), day: value }
  if (typeof value === 'boolean') return { ...emptyFacet(), flag: value }
  const { min, max } = value as { min?: number | Money; max?: number | Money }
  const text = (end?: number | Money) => (end === undefined ? '' : typeof end === 'number' ? String(end) : end.amount)
  return { ...emptyFacet(), min: text(min), max: text(max) }
}
