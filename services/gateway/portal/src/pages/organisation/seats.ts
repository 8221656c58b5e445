/** Whom one may add and invite: the platform's rules (`gateway/commands/rights.py`, `four_eyes.py`, `invitations.py`). */
import { me } from '@/api/session'

/** Who prepares does not check: a rule of the platform, on either side of a deal. */
const OTHER_HALVES: Record<string, string[]> = { maker: ['checker', 'approver'], checker: ['maker'], approver: ['maker'] }
/** Duties that contain a lesser one. */
const CONTAINED: Record<string, string> = { 'supplier.accountant': 'supplier.owner' }

/** The one of these duties that nobody may have beside this one. */
export function otherHalf(role: string, among: readonly string[]): string | undefined {
  const [side, duty] = role.split('.')
  return among.find((one) => (OTHER_HALVES[duty] ?? []).some((half) => one === `${side}.${half}`))
}

const isHeld = (role: string) => me.value.user.roles.some((own) => own === role || own === CONTAINED[role])

/** A key of words for why one may not give this duty; undefined where one may. */
export function whyNotGiven(role: string): string | undefined {
  if (otherHalf(role, me.value.user.roles)) return 'organisation.other-half'
  return me.value.user.is_first || isHeld(role) ? undefined : 'organisation.only-first'
}

/** The same of inviting a colleague; who can act already is left to themselves and the first person. */
export function whyNotInvited(roles: readonly string[], canAct: boolean): string | undefined {
  const why = roles.map(whyNotGiven).find(Boolean)
  return why ?? (canAct && !me.value.user.is_first ? 'organisation.only-self' : undefined)
}
