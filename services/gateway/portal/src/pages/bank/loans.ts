/** A loan as its bank sees it. */
import type { Money } from '@/api/client'
import type { One } from '@/api/resources'
import { fen, money } from '@/lib/money'
import { daysBetween, interest, type DayCount } from '@/lib/rates'
import { dateOf } from '@/lib/time'

export type Loan = One<'loans'>
const PAID_OUT = ['active', 'due', 'part_paid', 'overdue']

/** Paid out and not yet repaid. */
export const isOpenLoan = (loan: Loan): boolean => PAID_OUT.includes(loan.state)
export const awaitsPayout = (loan: Loan): boolean => ['instructed', 'unknown'].includes(loan.state)

export function openOf(loan: Loan): Money {
  return money(isOpenLoan(loan) ? fen(loan.principal) - fen(loan.principal_paid) : 0n)
}

export interface Owed {
  principal: bigint
  interest: bigint
}

/**
 * What is open on a day, as the platform accrues (`finance/commands/repayments.py`): from payout to
 * each repayment and on to that day, every stretch rounded to fen on what was open then. Null before
 * the payout and before what was received last: of such a day nothing can be recorded any more.
 */
export function owedOn(loan: Loan, day: string): Owed | null {
  if (!loan.disbursed_at) return null
  let since = dateOf(new Date(loan.disbursed_at))
  const open: Owed = { principal: fen(loan.principal), interest: 0n }
  const accrue = (until: string) => {
    open.interest += interest(open.principal, BigInt(loan.rate_bp ?? 0), daysBetween(since, until), loan.day_count as DayCount)
    since = until
  }
  for (const one of loan.repayments ?? []) {
    accrue(dateOf(new Date(one.received_at!)))
    open.interest -= fen(one.interest)
    open.principal -= fen(one.principal)
  }
  if (day < since) return null
  accrue(day)
  return open
}

/** How a sum is used up: interest, then principal (民法典 561); what is left is surplus. */
export function applied(amount: bigint, owed: Owed) {
  const toInterest = amount < owed.interest ? amount : owed.interest
  const left = amount - toInterest
  const toPrincipal = left < owed.principal ? left : owed.principal
  return { interest: toInterest, principal: toPrincipal, surplus: left - toPrincipal }
}

/** Of all debtors. */
export const sumOf = (claims: ReadonlyMap<string, bigint>): bigint => [...claims.values()].reduce((sum, one) => sum + one, 0n)

/** A moment as an input has it, in Asia/Shanghai: `2026-12-01T18:00`, and back. */
export const asTyped = (moment: Date): string =>
  new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai', dateStyle: 'short', timeStyle: 'short' }).format(moment).replace(' ', 'T')
export const asMoment = (text: string): string => `${text}:00+08:00`
