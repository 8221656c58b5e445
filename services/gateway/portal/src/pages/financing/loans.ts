/** A loan as its borrower follows it. */
import type { Money, Schemas } from '@/api/client'
import { daysBetween } from '@/lib/rates'
import { dateOf } from '@/lib/time'

import type { Loan } from './applications'
import { costOf, minus, plus } from './cost'

export const RUNNING: readonly string[] = ['active', 'due', 'part_paid', 'overdue']

export const open = (loan: Loan): Money => minus(loan.principal, loan.principal_paid)

/** From payout to the due date, of the whole principal: what is agreed, not what will have been paid. */
export function agreedInterest(loan: Loan): Money | null {
  if (!loan.principal || !loan.due_date || loan.rate_bp === undefined || !loan.disbursed_at) return null
  const days = daysBetween(dateOf(new Date(loan.disbursed_at)), loan.due_date)
  return costOf(loan.principal, loan.rate_bp, 0, days, loan.day_count ?? 'ACT/360').interest
}

type Repayment = Schemas['Repayment']
export const costs = (one: Repayment): Money => minus(one.amount, plus(plus(one.interest, one.principal), one.surplus))
