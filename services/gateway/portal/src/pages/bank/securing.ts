/** The shares 融资份额 that secure what one's own bank lends on an application. */
import { computed, toValue, type MaybeRefOrGetter } from 'vue'

import { useWhole } from '@/api/resources'

/**
 * By whose they are: a share is of the deal of its own receivable, of which an application has
 * several, and the application itself, which names them, closes when its authorisation ends.
 */
export function useSecuring(application_id: MaybeRefOrGetter<string | undefined>, seller_id: MaybeRefOrGetter<string | undefined>) {
  const list = useWhole('positions', () => ({ counterpart_id: toValue(seller_id), limit: 200 }), () => Boolean(toValue(seller_id)))
  const securing = computed(() => list.items.value.filter((one) => one.application_id === toValue(application_id)))
  return { ...list, securing }
}

/**
 * Who is really awaited: while it is being secured the registry, and once all is filed the bank, whose
 * notice is missing; the application says the first alone.
 */
export function awaited(application: { state: string; waiting_for?: string | null }, securing: readonly { state: string; filing?: { search?: string } | null }[]): string | null {
  const isFiled = securing.length > 0 && securing.every((one) => one.state !== 'committed' && one.filing?.search === 'clear')
  return application.state === 'securing' && isFiled ? 'bank' : (application.waiting_for ?? null)
}
