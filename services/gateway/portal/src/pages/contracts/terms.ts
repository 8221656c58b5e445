/** The payment terms 付款条件 of a contract: as sentences, and as a form that revises them. */
import type { Schemas } from '@/api/client'
import { basisPoints, inPercent, WHOLE_BP } from '@/lib/rates'

export type Terms = Schemas['Terms']
export type NodeKind = Schemas['PaymentNode']['kind']

export const NODE_KINDS: NodeKind[] = ['advance', 'progress', 'delivery', 'acceptance', 'retention']
export const MAX_NODES = 10 // as the API has it

/** From which day a node's term counts (`services/orders/rules/owing.py`); a key of words. */
export function startWords(kind: NodeKind, terms: Pick<Terms, 'inspection_is_condition'>): string {
  if (kind === 'advance') return 'contracts.from-signing'
  if (kind === 'progress') return 'contracts.from-progress'
  if (kind === 'delivery' && !terms.inspection_is_condition) return 'contracts.from-delivery'
  return 'contracts.from-acceptance'
}

export interface NodeForm {
  kind: NodeKind
  share: string
  days: number
}
export interface TermsForm {
  nodes: NodeForm[]
  inspection_days: number
  inspection_is_condition: boolean
  pay_when_paid: boolean
  term_reason: string
  late_rate: string
}

export function asForm(terms: Terms): TermsForm {
  return {
    nodes: terms.nodes.map((node) => ({ kind: node.kind, share: inPercent(node.share_bp), days: node.term_days })),
    inspection_days: terms.inspection_days,
    inspection_is_condition: terms.inspection_is_condition,
    pay_when_paid: terms.pay_when_paid,
    term_reason: terms.term_reason ?? '',
    late_rate: terms.late_rate_bp === null ? '' : inPercent(terms.late_rate_bp),
  }
}

/** What the shares sum to, in basis points; null when one is no number. */
export function sumOfShares(form: TermsForm): number | null {
  const shares = form.nodes.map((node) => basisPoints(node.share))
  return shares.includes(null) ? null : shares.reduce((sum: number, share) => sum + (share ?? 0), 0)
}

/** The terms as the API takes them, or null while something is missing or wrong. */
export function asTerms(form: TermsForm): Terms | null {
  const late_rate_bp = form.late_rate.trim() ? basisPoints(form.late_rate) : null
  if (sumOfShares(form) !== WHOLE_BP || (form.late_rate.trim() && late_rate_bp === null)) return null
  return {
    nodes: form.nodes.map((node) => ({ kind: node.kind, share_bp: basisPoints(node.share) ?? 0, term_days: node.days })),
    inspection_days: form.inspection_days,
    inspection_is_condition: form.inspection_is_condition,
    pay_when_paid: form.pay_when_paid,
    term_reason: form.term_reason.trim() || null,
    late_rate_bp,
  }
}
