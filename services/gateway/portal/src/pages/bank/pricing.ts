/** What an offer comes to, exactly as the platform computes it (`finance/pricing.py`): whole fen. */
export type DayCount = 'ACT/360' | 'ACT/365'
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

const BASIS_POINTS = 10_000n
const YEAR_DAYS: Record<DayCount, bigint> = { 'ACT/360': 360n, 'ACT/365': 365n }
const CALENDAR_YEAR_DAYS = 365n
const DAY_MS = 86_400_000

/** 四舍五入 of a quotient that is not negative. */
export function halfUp(over: bigint, under: bigint): bigint {
  return (2n * over + under) / (2n * under)
}

/** The first day bears interest, the last does not. */
export function daysBetween(start: string, end: string): number {
  return Math.round((Date.parse(end) - Date.parse(start)) / DAY_MS)
}

export function plusDays(date: string, days: number): string {
  return new Date(Date.parse(date) + days * DAY_MS).toISOString().slice(0, 10)
}

export function interest(principal: bigint, rate_bp: bigint, days: number, day_count: DayCount): bigint {
  return halfUp(principal * rate_bp * BigInt(days), BASIS_POINTS * YEAR_DAYS[day_count])
}

/** Null where there is no yearly cost: nothing is received, or no day passes. */
export function price({ amount, rate_bp, fee, days, day_count }: Terms): Priced | null {
  const received = amount - fee
  if (received <= 0n || days <= 0) return null
  const earned = interest(amount, rate_bp, days, day_count)
  const income = earned + fee
  const yearly = (money: bigint) => halfUp(income * BASIS_POINTS * CALENDAR_YEAR_DAYS, money * BigInt(days))
  return { interest: earned, received, repaid: amount + earned, income, all_in_bp: yearly(received), yield_bp: yearly(amount) }
}

/** `435` → `4.35%`. */
export function percent(bp: bigint | number | null | undefined): string {
  if (bp === null || bp === undefined) return '—'
  const whole = BigInt(bp)
  return `${whole / 100n}.${String(whole % 100n).padStart(2, '0')}%`
}

/** A yearly rate as it is typed, in percent: `4.35` → 435 basis points; null where it is none. */
export function typedRate(text: string): bigint | null {
  const plain = text.replace(/[%％\s]/g, '')
  if (!/^\d{1,3}(\.\d{1,2})?$/.test(plain)) return null
  const [whole, part = ''] = plain.split('.')
  const bp = BigInt(whole) * 100n + BigInt(part.padEnd(2, '0'))
  return bp <= BASIS_POINTS ? bp : null
}
