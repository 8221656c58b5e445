/** What an offer comes to, exactly as the platform computes it (`finance/pricing.py`): whole fen. */
import { interest, rateOf, yearly, type DayCount } from '@/lib/rates'

export interface Terms {
  amount: bigint
  rate_bp: bigint
  fee: bigint
  days: number
  day_count: DayCount
}
export interface Priced {
  interest: bigint
  /** What the borrower gets: the fee is withheld at payout. */
  received: bigint
  repaid: bigint
  income: bigint
  /** 综合融资成本(年化): interest and fee over what is received, per calendar year. */
  all_in_bp: bigint
  /** What the bank earns over what it lends, per calendar year. */
  yield_bp: bigint
}

/** Null where there is no yearly cost: nothing is received, or no day passes. */
export function price({ amount, rate_bp, fee, days, day_count }: Terms): Priced | null {
  const received = amount - fee
  if (received <= 0n || days <= 0) return null
  const earned = interest(amount, rate_bp, days, day_count)
  const income = earned + fee
  const [all_in_bp, yield_bp] = [yearly(income, received, days), yearly(income, amount, days)]
  return { interest: earned, received, repaid: amount + earned, income, all_in_bp, yield_bp }
}

/** A yearly rate as it is typed, in percent: `4.35` → 435 basis points; null where it is none. */
export function typedRate(text: string): bigint | null {
  const bp = rateOf(text)
  return bp === null ? null : BigInt(bp)
}
