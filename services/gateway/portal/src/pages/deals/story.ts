/** What of a deal's story people follow, and what the platform did of itself. */
import type { Money } from '@/api/client'
import type { One } from '@/api/resources'
import type { Entry } from '@/api/steps'

const FOLLOWED: Record<string, RegExp> = {
  demand: /^(published|amended|awarded|award_confirmed|award_lapsed|unsuccessful|reopened|cancelled|fulfilled)$/,
  quote: /^accepted$/,
  contract: /^(blocked|revised|signing_started|signed_by_party|signed|declined|expired|completed|terminated)$/,
  delivery: /./,
  payable: /^(part_paid|paid|overdue|paid_late)$/,
  receivable: /^(entered|duplicate_held|rejected|confirmation_requested|confirmation_overdue|prepared|confirmed|refused|withdrawn|settled)$/,
  application: /^(submitted|offer_chosen|declined|withdrawn|expired|reselecting)$/,
  position: /^(filed|noticed|acknowledged)$/,
  loan: /^(disbursed|failed|part_paid|paid|overdue)$/,
}
/** Follows of itself from what somebody did, in whose name it is told. */
const OF_ITSELF: Record<string, RegExp> = {
  demand: /^(closed|contracted|fulfilled|capacity_checked)$/,
  match: /^(quoted|won|lost|closed|refreshed)$/,
  quote: /^(opened|accepted|rejected|invalidated|expired)$/,
  contract: /^(drafted|cleared|blocked|signed|completed)$/,
  payable: /^(scheduled|running|due|overdue)$/,
  receivable: /^(duplicate_held|allocated|settled)$/,
  application: /^(offers_closed|ready|disbursed|closed)$/,
  position: /^(held|committed|short_paid|releasing)$/,
  offer: /^(visible|fulfilled|lost)$/,
  loan: /^(instructed|due|overdue)$/,
}

const parts = (type: string): [string, string] => type.split('.').slice(0, 2) as [string, string]
const isIn = (table: Record<string, RegExp>, type: string): boolean => {
  const [kind, past] = parts(type)
  return table[kind]?.test(past) ?? false
}

export const isFollowed = (entry: Entry): boolean => isIn(FOLLOWED, entry.type)

/** A claim that agrees is checked the moment it is entered; another one an operator checks. */
export function isOfPlatform(entry: Entry, all: readonly Entry[]): boolean {
  const isChecked = entry.type.startsWith('receivable.checked.')
  const enters = (one: Entry) => one.type.startsWith('receivable.entered.') && one.resource_id === entry.resource_id && one.occurred_at === entry.occurred_at
  return isIn(OF_ITSELF, entry.type) || (isChecked && all.some(enters))
}

/** What is asked for and what secures it are sums of claims, not the money that is lent. */
export const isOfClaims = (entry: Entry): boolean => ['application', 'position'].includes(entry.kind)

/** Each repayment makes one fact, in the order of the loan's repayments: what came in with it, by fact. */
export function receipts(entries: readonly Entry[], loans: readonly One<'loans'>[]): Map<string, Money> {
  const found = new Map<string, Money>()
  for (const loan of loans) {
    const facts = entries.filter((one) => one.resource_id === loan.id && /^loan\.(part_paid|paid)\./.test(one.type))
    facts.forEach((fact, place) => {
      const amount = loan.repayments?.[place]?.amount
      if (amount) found.set(fact.id, amount)
    })
  }
  return found
}
