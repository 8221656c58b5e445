import { actsAs } from '@/api/session'
import { router } from '@/router'

/** Where each kind of thing has its page; every page is a deep link. */
const PLACES: Record<string, string> = {
  demand: '/demands',
  supply: '/supplies',
  match: '/matches',
  quote: '/quotes',
  contract: '/contracts',
  delivery: '/deliveries',
  payable: '/payables',
  receivable: '/receivables',
  application: '/applications',
  offer: '/offers',
  loan: '/loans',
  position: '/positions',
  authorisation: '/authorisations',
  product: '/products',
  limit: '/limits',
  party: '/parties',
  import: '/imports',
  webhook: '/webhooks',
}

/** Where a bank has another page of it than the parties of the deal. */
const OF_BANKS: Record<string, string> = { offer: '/bank/offers', position: '/bank/positions' }
/** Where a bank finds it when there is no page for all of its parties. */
const ELSE_OF_BANKS: Record<string, string> = { application: '/queue', loan: '/bank/loans' }

/** The address of a thing's page, or null where its kind has none. */
export function placeOf(kind: string, id: string): string | null {
  const isBank = actsAs('bank')
  const places = isBank ? [OF_BANKS[kind] ?? PLACES[kind], ELSE_OF_BANKS[kind]] : [PLACES[kind]]
  const found = places.map((place) => place && `${place}/${id}`).find((place) => place && isPage(place))
  return found || null
}

export function isPage(path: string): boolean {
  return router.resolve(path).name !== 'missing'
}

export function dealPlace(thread_id: string): string {
  return `/deals/${thread_id}`
}
