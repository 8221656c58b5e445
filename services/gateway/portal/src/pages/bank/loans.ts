/** A loan as its bank sees it. */
import type { Money } from '@/api/client'
import type { One } from '@/api/resources'
import { fen, money } from '@/lib/money'

export type Loan = One<'loans'>
const PAID_OUT = ['active', 'due', 'part_paid', 'overdue']

/** Paid out and not yet repaid. */
export const isOpenLoan = (loan: Loan): boolean => PAID_OUT.includes(loan.state)
export const awaitsPayout = (loan: Loan): boolean => ['instructed', 'unknown'].includes(loan.state)

export function openOf(loan: Loan): Money {
  return money(isOpenLoan(loan) ? fen(loan.principal) - fen(loan.principal_paid) : 0n)
}

/** A moment as an input has it, in Asia/Shanghai: `2026-12-01T18:00`, and back. */
export const asTyped = (moment: Date): string =>
  new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai', dateStyle: 'short', timeStyle: 'short' }).format(moment).replace(' ', 'T')
export const asMoment = (text: string): string => `${text}:00+08:00`
