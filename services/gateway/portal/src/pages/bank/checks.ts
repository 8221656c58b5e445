/** What an offer is judged by (`finance/risk.py`): the product's criteria and the bank's limits, one by one. */
import { fen, money, shown } from '@/lib/money'
import { percent, WHOLE_BP } from '@/lib/rates'

import { room, type Limit } from './limits'
import { most, type Product } from './offering'
import type { Application } from './queue'

export interface Check {
  key: string
  /** Of the limit that it is about; none where it is a criterion of the product. */
  scope?: string
  subject_id?: string | null
  needed: string
  allowed: string
  isMet: boolean
}

/** `amount`: 0 while none is typed. `days`: until the claims are due. */
export function criteria(application: Application, product: Product, amount: bigint, days: number): Check[] {
  const whole = fen(application.amount)
  const advanced = amount && whole ? `${shown(money(amount))} (${percent((amount * BigInt(WHOLE_BP)) / whole)})` : '—'
  const top = most(application, product)
  return [
    { key: 'amount-per-loan', needed: shown(amount ? money(amount) : null), allowed: `${shown(product.min)} – ${shown(product.max)}`, isMet: !amount || (amount >= fen(product.min) && amount <= fen(product.max)) },
    { key: 'advance', needed: advanced, allowed: `≤ ${shown(money(top))} (${percent(product.advance_rate_bp)})`, isMet: amount <= top },
    { key: 'max-term', needed: String(days), allowed: `1 – ${product.max_term_days}`, isMet: days > 0 && days <= (product.max_term_days ?? 0) },
  ]
}

/** What a limit carries of the amount: of a debtor's its part of the claims, of all others the whole. */
export function weighed(limit: Limit, amount: bigint, parts: ReadonlyMap<string, bigint>): bigint {
  const whole = [...parts.values()].reduce((sum, one) => sum + one, 0n)
  const part = parts.get(limit.subject_id ?? '') ?? 0n
  return limit.scope === 'debtor' && whole ? (amount * part) / whole : amount
}

export function ofLimit(limit: Limit, amount: bigint, parts: ReadonlyMap<string, bigint>): Check {
  const [needed, left] = [weighed(limit, amount, parts), room(limit)]
  return { key: limit.id, scope: limit.scope, subject_id: limit.subject_id, needed: shown(amount ? money(needed) : null), allowed: `≤ ${shown(money(left > 0n ? left : 0n))}`, isMet: needed <= left && left > 0n }
}
