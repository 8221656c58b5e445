/** The particulars of a kind as a form holds them: amounts, numbers and days as they are typed. */
import type { Facet } from '@/api/taxonomy'
import { typed } from '@/lib/money'

export interface RangeForm {
  min: string
  max: string
}
export type FacetForm = string[] | RangeForm | string | boolean
export type FacetForms = Record<string, FacetForm>

export const isRange = (facet: Facet) => facet.type === 'count' || facet.type === 'money'

/** As a supply has them. */
export function facetsForm(facets: object | null | undefined): FacetForms {
  return Object.fromEntries(Object.entries(facets ?? {}).map(([name, value]) => [name, shown(value)]))
}

function shown(value: unknown): FacetForm {
  if (Array.isArray(value) || typeof value !== 'object' || value === null) return value as FacetForm
  const end = (of: unknown) => (of && typeof of === 'object' ? (of as { amount: string }).amount : String(of ?? ''))
  const { min, max } = value as Record<string, unknown>
  return { min: end(min), max: end(max) }
}

/** As a command takes them; null: none is stated. What another kind asked for is left out. */
export function facetsOf(forms: FacetForms, facets: readonly Facet[]): Record<string, unknown> | null {
  const said = facets
    .map((facet) => [facet.name, isStated(forms[facet.name]) ? given(facet, forms[facet.name]) : null] as const)
    .filter(([, value]) => value !== null)
  return said.length ? Object.fromEntries(said) : null
}

export function isStated(value: FacetForm | undefined): boolean {
  if (value === undefined || value === '' || value === null) return false
  if (Array.isArray(value)) return value.length > 0
  return typeof value !== 'object' || Boolean(value.min || value.max)
}

/** Whether one end of a range is empty, or what its facet takes. */
export const isEnd = (facet: Facet, text: string) => text === '' || endOf(facet, text) !== null
const endOf = (facet: Facet, text: string) =>
  facet.type === 'money' ? typed(text) : /^\d{1,15}$/.test(text) ? Number(text) : null

function given(facet: Facet, value: FacetForm): unknown {
  if (!isRange(facet)) return value
  const { min, max } = value as RangeForm
  const ends = Object.entries({ min: endOf(facet, min), max: endOf(facet, max) }).filter(([, end]) => end !== null)
  return ends.length ? Object.fromEntries(ends) : null
}
