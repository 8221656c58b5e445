const ALL = ['buyer', 'supplier', 'bank', 'operator']
const TRADING = ['buyer', 'supplier', 'operator']
const LENDING = ['supplier', 'bank', 'operator']

/**
 * The way of a deal in nine stages, which facts have reached each, and in which capacities one is
 * told of them (`gateway/readmodel/audiences.py`): what others are not told of may have been
 * reached all the same.
 */
export const STAGES = [
  { name: 'demand', reached: /^demand\.(published|reopened)/, told: ALL },
  { name: 'match', reached: /^match\.(sent|interested)/, told: TRADING },
  { name: 'quote', reached: /^quote\.(sealed|opened|accepted)/, told: TRADING },
  { name: 'contract', reached: /^contract\.signed\./, told: TRADING },
  { name: 'delivery', reached: /^delivery\.(accepted|part_accepted|deemed_conforming)/, told: TRADING },
  { name: 'receivable', reached: /^receivable\.confirmed\./, told: TRADING },
  { name: 'offers', reached: /^(offer\.visible|application\.offer_chosen)/, told: LENDING },
  { name: 'loan', reached: /^loan\.disbursed/, told: LENDING },
  { name: 'settled', reached: /^(payable\.(paid|paid_late)|loan\.paid|demand\.fulfilled)\./, told: ALL },
] as const

/** By stage, when it was first reached. */
export function reached(entries: readonly { type: string; occurred_at: string }[]): Map<string, string> {
  const found = new Map<string, string>()
  for (const entry of entries)
    for (const stage of STAGES)
      if (stage.reached.test(entry.type) && !found.has(stage.name)) found.set(stage.name, entry.occurred_at)
  return found
}
