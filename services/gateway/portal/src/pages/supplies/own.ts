/** All supplies of one's own: an organisation keeps a thousand at most, so this ends. */
import { watch, type MaybeRefOrGetter } from 'vue'

import { useList } from '@/api/resources'

const PAGE = 200

export function useOwnSupplies(state?: string, isWanted: MaybeRefOrGetter<boolean> = true) {
  const query = useList('supplies', { limit: PAGE, ...(state ? { state } : {}) }, isWanted)
  watch(
    () => query.data.value?.pages.length,
    () => query.hasNextPage.value && void query.fetchNextPage(),
    { immediate: true },
  )
  return query
}
