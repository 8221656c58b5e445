/** The two commands of a confirmation 确权, and what a signature under it says. */
import { act, type Money } from '@/api/client'
import { t } from '@/i18n'
import { shown } from '@/lib/money'
import type { Signed } from '@/lib/signing'

import type { Claim } from './claims'

/** By the maker; no amount: all that is claimed. */
export const preparing = (claim: Claim, confirmed: Money | null, key: string) =>
  act('/api/v1/receivables/{id}/prepare', { id: claim.id, body: { confirmed }, key })

/** By the checker, over the digest that was seen. */
export const confirming = (claim: Pick<Claim, 'id' | 'confirmation_sha256'>, signed: Signed, key: string) =>
  act('/api/v1/receivables/{id}/confirm', { id: claim.id, body: { ...signed, confirmation_sha256: claim.confirmation_sha256 ?? '' }, key })

export const what = (claim: Claim): string =>
  t('receivables.what', { number: claim.number, seller: claim.seller_name, amount: shown(claim.confirmed), contract: claim.contract_number })
