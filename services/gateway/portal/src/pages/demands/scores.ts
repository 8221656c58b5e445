/** Scores in points of a hundred, such that the parts shown sum to the whole shown. */
import type { Schemas } from '@/api/client'

export type Match = Schemas['MatchState']
const PPM_PER_CENT_OF_POINT = 100 // a millionth is a ten-thousandth of a point

export function points(ppm: number | null | undefined): string {
  return ppm === null || ppm === undefined ? '—' : (Math.round(ppm / PPM_PER_CENT_OF_POINT) / 100).toFixed(2)
}

export interface Bar {
  feature: string
  points: string
  /** Of the longest one, in per cent. */
  width: number
  value_ppm: number
  weight_ppm: number
}

/** Largest first. Rounded as a running sum: what is lost of one part the next one gets. */
export function barsOf(match: Match): Bar[] {
  const all = [...(match.contributions ?? [])].sort((one, other) => other.contribution_ppm - one.contribution_ppm)
  const longest = Math.max(1, all[0]?.contribution_ppm ?? 1)
  let sum = 0
  return all.map((one) => {
    const before = Math.round(sum / PPM_PER_CENT_OF_POINT)
    sum += one.contribution_ppm
    const cents = Math.round(sum / PPM_PER_CENT_OF_POINT) - before
    return {
      feature: one.feature, points: (cents / 100).toFixed(2), width: (100 * one.contribution_ppm) / longest,
      value_ppm: one.value_ppm, weight_ppm: one.weight_ppm,
    }
  })
}
