/** Rates and days, exactly as the platform reckons with them (`finance/pricing.py`): whole fen and basis points, half-up. */
export const WHOLE_BP = 10_000
export type DayCount = 'ACT/360' | 'ACT/365'

const BASIS_POINTS = BigInt(WHOLE_BP)
const YEAR_DAYS: Record<DayCount, bigint> = { 'ACT/360': 360n, 'ACT/365': 365n }
const CALENDAR_YEAR_DAYS = 365n
const DAY_MS = 86_400_000

/** 四舍五入 of a quotient that is not negative. */
export function halfUp(over: bigint, under: bigint): bigint {
  return (2n * over + under) / (2n * under)
}

export function partOf(money: bigint, bp: bigint): bigint {
  return halfUp(money * bp, BASIS_POINTS)
}

export function interest(principal: bigint, rate_bp: bigint, days: number, day_count: DayCount): bigint {
  return halfUp(principal * rate_bp * BigInt(days), BASIS_POINTS * YEAR_DAYS[day_count])
}

/** What costs so much over so many days, per calendar year, in basis points of the money. */
export function yearly(cost: bigint, money: bigint, days: number): bigint {
  return halfUp(cost * BASIS_POINTS * CALENDAR_YEAR_DAYS, money * BigInt(days))
}

/** Between two of `YYYY-MM-DD`; the first day bears interest, the last does not. */
export function daysBetween(start: string, end: string): number {
  return Math.round((Date.parse(end) - Date.parse(start)) / DAY_MS)
}

export function plusDays(date: string, days: number): string {
  return new Date(Date.parse(date) + days * DAY_MS).toISOString().slice(0, 10)
}

/** `435` → `4.35%`. */
export function percent(bp: bigint | number | null | undefined): string {
  if (bp === null || bp === undefined) return '—'
  const whole = BigInt(bp)
  return `${whole / 100n}.${String(whole % 100n).padStart(2, '0')}%`
}

/** As it is typed into a field: `9000` → `90`, `12` → `0.12`. */
export const inPercent = (bp: number): string => String(bp / 100)

/** Per cent as typed, with two decimals at most, in basis points: `4.35` → 435; null when it is none. */
export function basisPoints(text: string): number | null {
  const plain = text.replace(/[%％\s]/g, '')
  if (!/^\d{1,4}(\.\d{1,2})?$/.test(plain)) return null
  const [whole, part = ''] = plain.split('.')
  return Number(whole) * 100 + Number(part.padEnd(2, '0'))
}

/** The same of what is never more than all of it. */
export function rateOf(text: string): number | null {
  const bp = basisPoints(text)
  return bp !== null && bp <= WHOLE_BP ? bp : null
}
