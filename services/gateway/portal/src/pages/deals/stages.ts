/** The way of a deal in nine stages, and which facts have reached each. */
export const STAGES = [
  { name: 'demand', reached: /^demand\.(published|reopened)/ },
  { name: 'match', reached: /^match\.(sent|interested)/ },
  { name: 'quote', reached: /^quote\.(sealed|opened|accepted)/ },
  { name: 'contract', reached: /^contract\.signed\./ },
  { name: 'delivery', reached: /^delivery\.(accepted|part_accepted|deemed_conforming)/ },
  { name: 'receivable', reached: /^receivable\.confirmed\./ },
  { name: 'offers', reached: /^(offer\.visible|application\.offer_chosen)/ },
  { name: 'loan', reached: /^loan\.disbursed/ },
  { name: 'settled', reached: /^payable\.(paid|paid_late)\./ },
] as const

/** By stage, when it was first reached. */
export function reached(entries: readonly { type: string; occurred_at: string }[]): Map<string, string> {
  const found = new Map<string, string>()
  for (const entry of entries)
    for (const stage of STAGES)
      if (stage.reached.test(entry.type) && !found.has(stage.name)) found.set(stage.name, entry.occurred_at)
  return found
}
