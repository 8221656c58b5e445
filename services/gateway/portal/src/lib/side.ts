/** On which side of a deal the signed-in person's organisation stands. */
import { me } from '@/api/session'

export type Side = 'buyer' | 'supplier' | 'none'

export function sideOf(deal: { buyer_id?: string; supplier_id?: string }): Side {
  if (deal.buyer_id === me.value.party.id) return 'buyer'
  return deal.supplier_id === me.value.party.id ? 'supplier' : 'none'
}

/** The other party's name, as a row of a list shows it. */
export function counterpart(deal: { buyer_id?: string; buyer_name?: string | null; supplier_name?: string | null }): string {
  return (deal.buyer_id === me.value.party.id ? deal.supplier_name : deal.buyer_name) ?? '—'
}
