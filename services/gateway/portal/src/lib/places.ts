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

/** The address of a thing's page, or null where its kind has none. */
export function placeOf(kind: string, id: string): string | null {
  const place = PLACES[kind] ? `${PLACES[kind]}/${id}` : null
  return place && isPage(place) ? place : null
}

export function isPage(path: string): boolean {
  return router.resolve(path).name !== 'missing'
}

export function dealPlace(thread_id: string): string {
  return `/deals/${thread_id}`
}
