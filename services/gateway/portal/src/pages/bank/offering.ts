/** The form of an offer, and what of it can be judged before it is sent (`finance/commands/offers.py`). */
import type { One } from '@/api/resources'
import { fen, money, typed } from '@/lib/money'
import { daysBetween, plusDays, type DayCount } from '@/lib/rates'

import { price, typedRate, type Priced } from './pricing'
import type { Application } from './queue'

export type Product = One<'products'>
export interface OfferForm {
  product_id: string
  amount: string
  rate: string
  fee: string
  pay_within_hours: string
  /** In Asia/Shanghai, as an input has it: `2026-12-01T18:00`. */
  valid_until: string
}
const VALID_DAYS = 7 // after the window, unless the maker says otherwise
export const MOST_VALID_DAYS = 30 // rule offer.validity
const CAP = { kind: 'data_chain', most: 3_000_000_000n } // rule application.cap
const HOUR_MS = 3_600_000
/**
 * Of a financial loan, what interest, fees and all else come to beyond 24 % a year a court lowers when
 * the borrower asks (法发〔2017〕22号, 最高人民法院《关于进一步加强金融审判工作的若干意见》第二条): a warning, no bound.
 */
export const PROTECTED_COST_BP = 2_400n

const inShanghai = (moment: Date) =>
  new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai', dateStyle: 'short', timeStyle: 'short' }).format(moment).replace(' ', 'T')

/** A moment of the window's end and so many days. */
export const after = (application: Application, days: number): string =>
  inShanghai(new Date(Date.parse(application.offers_until!) + days * 24 * HOUR_MS))

export const emptyOffer = (application: Application): OfferForm => ({
  product_id: '', amount: '', rate: '', fee: '0', pay_within_hours: '48', valid_until: after(application, VALID_DAYS),
})

/** 融资比例: the most that may be lent on the claims under the product. */
export function most(application: Application, product: Product): bigint {
  const advance = (fen(application.amount) * BigInt(product.advance_rate_bp!)) / 10_000n
  const bounds = [advance, fen(product.max), ...(product.kind === CAP.kind ? [CAP.most] : [])]
  return bounds.reduce((least, one) => (one < least ? one : least))
}

/**
 * 余款: what is left of the claims once they are paid in full and the loan with its interest is, too.
 * Without recourse the bank keeps it, else it goes back to the seller (民法典 766, 767).
 */
export function surplusOf(claims: bigint, amount: bigint, interest: bigint): bigint {
  const left = claims - amount - interest
  return left > 0n ? left : 0n
}

export interface Preview extends Priced {
  surplus: bigint
  amount: bigint
  fee: bigint
  days: number
  due_date: string
}

/** As if paid out `today`, as the platform reckons when the offer is prepared; null while incomplete. */
export function preview(form: OfferForm, application: Application, product: Product | undefined, today: string): Preview | null {
  const [amount, fee, rate_bp] = [typed(form.amount), typed(form.fee || '0'), typedRate(form.rate)]
  if (!product || !amount || !fee || rate_bp === null || !application.latest_due_date) return null
  const due_date = plusDays(application.latest_due_date, product.grace_days ?? 0)
  const days = daysBetween(today, due_date)
  const given = { amount: fen(amount), fee: fen(fee), rate_bp, days, day_count: product.day_count as DayCount }
  const priced = price(given)
  return priced && { ...priced, surplus: surplusOf(fen(application.amount), given.amount, priced.interest), amount: given.amount, fee: given.fee, days, due_date }
}

/** Keys of words for what would be refused. */
export function faults(form: OfferForm, application: Application, product: Product | undefined, today: string): string[] {
  const amount = fen(typed(form.amount))
  if (!product) return []
  const term = daysBetween(today, application.latest_due_date ?? today)
  const found: [string, boolean][] = [
    ['bank.fault-below', amount > 0n && amount < fen(product.min)],
    ['bank.fault-above', amount > most(application, product)],
    ['bank.fault-term', term > (product.max_term_days ?? 0)],
    ['bank.fault-over', term <= 0],
    ['bank.fault-fee', amount > 0n && fen(typed(form.fee || '0')) >= amount],
    ['bank.fault-valid', form.valid_until !== '' && (form.valid_until <= after(application, 0) || form.valid_until > after(application, MOST_VALID_DAYS))],
  ]
  return found.filter(([, fails]) => fails).map(([words]) => words)
}

export function asBody(form: OfferForm, application: Application) {
  const hours = /^\d{1,3}$/.test(form.pay_within_hours) ? Number(form.pay_within_hours) : 0
  return {
    application_id: application.id,
    product_id: form.product_id,
    amount: typed(form.amount) ?? money(0n),
    rate_bp: Number(typedRate(form.rate) ?? 0n),
    fee: typed(form.fee || '0') ?? money(0n),
    pay_within_hours: hours,
    valid_until: `${form.valid_until}:00+08:00`,
  }
}
