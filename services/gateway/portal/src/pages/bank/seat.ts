/** Whether anybody is there for a duty of one's own organisation: who can sign in, or a key that is alive. */
import { computed } from 'vue'

import { useList } from '@/api/resources'

export function useSeat(capacity: string, duty: string) {
  const people = useList('users', { view: 'mine', limit: 200 })
  const keys = useList('api-keys', { view: 'mine', limit: 200 })
  const holders = computed(() => people.items.value.filter((one) => one.state === 'active' && one.roles?.some((own) => own === `${capacity}.${duty}`)))
  const live = computed(() => new Set(keys.items.value.filter((one) => one.state === 'active').map((one) => one.user_id)))
  const isKnown = computed(() => people.isSuccess.value && keys.isSuccess.value)
  const isEmpty = computed(() => isKnown.value && !holders.value.some((one) => one.can_sign_in || live.value.has(one.id)))
  return { holders, isEmpty }
}
