/** A facet's value as people read it. */
import type { Money } from '@/api/client'
import { shown } from '@/lib/money'
import { day } from '@/lib/time'

import { said, type KindFacet } from './catalogue'

export function facetWords(facet: KindFacet, value: unknown, nameOf: (code: string) => string, yes: string): string {
  if (Array.isArray(value)) return value.map((code) => codeName(facet, String(code), nameOf)).join(' · ')
  if (typeof value === 'string') return day(value)
  if (typeof value === 'boolean') return value ? yes : '—'
  const { min, max } = value as { min?: number | Money; max?: number | Money }
  const unit = facet.unit ? ` ${said(facet.unit)}` : ''
  if (min !== undefined && max !== undefined) return `${end(min)} – ${end(max)}${unit}`
  return min !== undefined ? `≥ ${end(min)}${unit}` : `≤ ${end(max ?? 0)}${unit}`
}

function codeName(facet: KindFacet, code: string, nameOf: (code: string) => string): string {
  const listed = facet.codes.find((one) => one.code === code)
  return listed ? said(listed) : nameOf(code)
}

function end(value: number | Money): string {
  return typeof value === 'number' ? value.toLocaleString('en-US') : shown(value)
}
