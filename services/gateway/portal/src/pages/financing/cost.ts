/** What money costs, as the platform computes it (`finance/pricing.py`): whole fen, half-up. */
import type { Money } from '@/api/client'
import { fen, money } from '@/lib/money'
import { interest, partOf, yearly } from '@/lib/rates'

export interface Cost {
  interest: Money
  fee: Money
  received: Money
  /** Per year over the money received; null where nothing is received or no day passes. */
  all_in_bp: number | null
}

export function costOf(amount: Money, rate_bp: number, fee_bp: number, days: number, day_count: string): Cost {
  const [principal, length] = [fen(amount), Math.max(days, 0)]
  const due = interest(principal, BigInt(rate_bp), length, day_count === 'ACT/365' ? day_count : 'ACT/360')
  const fee = partOf(principal, BigInt(fee_bp))
  return { interest: money(due), fee: money(fee), ...overall(principal, due, fee, length) }
}

function overall(principal: bigint, due: bigint, fee: bigint, days: number) {
  const received = principal - fee
  const isPriced = received > 0n && days > 0
  return { received: money(received > 0n ? received : 0n), all_in_bp: isPriced ? Number(yearly(due + fee, received, days)) : null }
}

export const plus = (one: Money | null | undefined, other: Money | null | undefined): Money => money(fen(one) + fen(other))
export const minus = (one: Money | null | undefined, other: Money | null | undefined): Money => money(fen(one) - fen(other))
