/** The evidence vault 资质证书库: all that one's own supplies carry, each once, whichever carry it. */
import type { Schemas } from '@/api/client'

import type { Supply } from './form'

export type Sort = 'qualification' | 'badge' | 'deal'
export interface Evidence {
  /** Alike for the same evidence in several supplies. */
  key: string
  sort: Sort
  name: string
  detail: string
  /** The last day on which it holds; null: it does not end, or was not told. */
  expires_on: string | null
  /** The operator has seen proof, in one of the supplies at least. */
  isConfirmed: boolean
  supplies: Supply[]
  qualification?: Schemas['Qualification']
  badge?: Schemas['Badge']
  deal?: Schemas['TrackRecord']
}

type Found = Omit<Evidence, 'key' | 'supplies'>

/** Soonest to expire first; what does not expire after all that does. */
export function vaultOf(supplies: readonly Supply[], sort?: Sort): Evidence[] {
  const known = new Map<string, Evidence>()
  for (const supply of supplies)
    for (const found of carried(supply)) {
      if (sort && found.sort !== sort) continue
      const key = JSON.stringify([found.sort, found.name, found.detail, found.expires_on])
      const one = known.get(key) ?? { key, supplies: [], ...found }
      one.isConfirmed ||= found.isConfirmed
      if (!one.supplies.includes(supply)) one.supplies.push(supply)
      known.set(key, one)
    }
  const last = (one: Evidence) => one.expires_on ?? '9999'
  return [...known.values()].sort((a, b) => last(a).localeCompare(last(b)) || a.name.localeCompare(b.name))
}

/** What was archived is kept here: it may be put into another supply. */
function carried(supply: Supply): Found[] {
  const isOnOffer = supply.state === 'active'
  const badges = [...(supply.badges ?? []), ...(supply.claimed_badges ?? [])]
  const confirmed = new Set((supply.badges ?? []).map((badge) => badge.code))
  return [
    ...(supply.qualifications ?? []).map((one) => ({
      sort: 'qualification' as const,
      name: one.name,
      detail: one.grade ?? '',
      expires_on: one.expires_on,
      isConfirmed: isOnOffer,
      qualification: one,
    })),
    ...badges.map((one) => ({
      sort: 'badge' as const,
      name: one.code,
      detail: one.certificate_number,
      expires_on: one.expires_on,
      isConfirmed: confirmed.has(one.code),
      badge: one,
    })),
    ...(supply.track_record ?? []).map((one) => dealEvidence(one, true)),
    ...(supply.claimed_deals ?? []).map((one) => dealEvidence(one, false)),
  ]
}

function dealEvidence(one: Schemas['TrackRecord'], isConfirmed: boolean): Found {
  const detail = [one.buyer, one.place, one.date].filter(Boolean).join(' · ')
  return { sort: 'deal', name: one.title, detail, expires_on: null, isConfirmed, deal: one }
}
