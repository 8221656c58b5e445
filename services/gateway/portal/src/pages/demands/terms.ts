/** Payment terms as a form holds them; shares in per cent as typed, in basis points when sent. */
import type { Schemas } from '@/api/client'
import { basisPoints, inPercent } from '@/lib/rates'

export type Terms = Schemas['Terms']
export const NODE_KINDS = ['advance', 'progress', 'delivery', 'acceptance', 'retention'] as const

export interface NodeForm {
  kind: (typeof NODE_KINDS)[number]
  share: string
  term_days: string
}
export interface TermsForm {
  nodes: NodeForm[]
  inspection_days: string
  inspection_is_condition: boolean
  pay_when_paid: boolean
  term_reason: string
  /** Per cent a year; empty: by law. */
  late_rate: string
}

export function emptyTerms(): TermsForm {
  return {
    nodes: [{ kind: 'acceptance', share: '100', term_days: '30' }],
    inspection_days: '10', inspection_is_condition: false, pay_when_paid: false, term_reason: '', late_rate: '',
  }
}

export function shareOf(terms: TermsForm): number {
  return terms.nodes.reduce((sum, node) => sum + (basisPoints(node.share) ?? 0), 0)
}

export function termsBody(form: TermsForm): Terms {
  return {
    nodes: form.nodes.map((node) => ({
      kind: node.kind, share_bp: basisPoints(node.share) ?? 0, term_days: whole(node.term_days),
    })),
    inspection_days: whole(form.inspection_days),
    inspection_is_condition: form.inspection_is_condition,
    pay_when_paid: form.pay_when_paid,
    term_reason: form.term_reason.trim() || null,
    late_rate_bp: form.late_rate.trim() ? basisPoints(form.late_rate) : null,
  }
}

export function termsForm(terms: Terms): TermsForm {
  return {
    nodes: terms.nodes.map((node) => ({
      kind: node.kind, share: inPercent(node.share_bp), term_days: String(node.term_days),
    })),
    inspection_days: String(terms.inspection_days),
    inspection_is_condition: terms.inspection_is_condition,
    pay_when_paid: terms.pay_when_paid,
    term_reason: terms.term_reason ?? '',
    late_rate: terms.late_rate_bp === null ? '' : inPercent(terms.late_rate_bp),
  }
}

export const isDays = (text: string) => /^\d{1,6}$/.test(text.trim())
const whole = (text: string) => (isDays(text) ? Number(text) : 0)
