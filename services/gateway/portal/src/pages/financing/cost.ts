/** What money costs, as the platform computes it (`finance/pricing.py`): whole fen, half-up. */
import { money, fen } from '@/lib/money'
import type { Money } from '@/api/client'

const BASIS_POINTS = 10_000n
const DAY_MS = 86_400_000

export interface Cost {
  interest: Money
  fee: Money
  received: Money
  /** Per year over the money received; null where nothing is received or no day passes. */
  all_in_bp: number | null
}

export function costOf(amount: Money, rate_bp: number, fee_bp: number, days: number, day_count: string): Cost {
  const [principal, length] = [fen(amount), BigInt(Math.max(days, 0))]
  const interest = halfUp(principal * BigInt(rate_bp) * length, BASIS_POINTS * (day_count === 'ACT/365' ? 365n : 360n))
  const fee = halfUp(principal * BigInt(fee_bp), BASIS_POINTS)
  return { interest: money(interest), fee: money(fee), ...overall(principal, interest, fee, length) }
}

function overall(principal: bigint, interest: bigint, fee: bigint, days: bigint) {
  const received = principal - fee
  const isPriced = received > 0n && days > 0n
  const all_in_bp = isPriced ? Number(halfUp((interest + fee) * BASIS_POINTS * 365n, received * days)) : null
  return { received: money(received > 0n ? received : 0n), all_in_bp }
}

const halfUp = (number: bigint, by: bigint): bigint => (2n * number + by) / (2n * by)

/** `4.35` per cent as 435 basis points; null for what is no per cent. */
export function basisPoints(text: string): number | null {
  const found = /^(\d{1,2})(?:\.(\d{1,2}))?$/.exec(text.trim())
  return found ? Number(found[1]) * 100 + Number((found[2] ?? '').padEnd(2, '0')) : null
}

export const percent = (bp: number | null | undefined): string => (bp === null || bp === undefined ? '—' : `${(bp / 100).toFixed(2)}%`)

/** From one day to another, both `YYYY-MM-DD`. */
export const daysBetween = (from: string, to: string): number => Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS)

export function plusDays(date: string, days: number): string {
  return new Date(Date.parse(date) + days * DAY_MS).toISOString().slice(0, 10)
}

export const plus = (one: Money | null | undefined, other: Money | null | undefined): Money => money(fen(one) + fen(other))
export const minus = (one: Money | null | undefined, other: Money | null | undefined): Money => money(fen(one) - fen(other))
