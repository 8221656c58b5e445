/** What others did that concerns the signed-in person, how far it was read, and what it wants to hear of. */
import { useInfiniteQuery, useQuery, useQueryClient, keepPreviousData } from '@tanstack/vue-query'
import { computed, toValue, type MaybeRefOrGetter } from 'vue'

import { act, read, type Answer, type Asked } from './client'

export type Notice = Answer<'/api/v1/notifications'>['items'][number]
type Kinds = NonNullable<NonNullable<Asked<'/api/v1/notifications'>>['without']>

const NAME = 'notifications' // of the preference
const PREFERENCE = ['notifications', 'preference'] // renewed with the rest: another device may change it

/** Of these nobody is told who has not asked for it: how the house is kept, and steps between others. */
const QUIET: Kinds = ['api_key', 'document', 'import', 'position', 'webhook']

/** Kinds of things that the person does not want to hear of, and how to change them. */
export function useMuted() {
  const queries = useQueryClient()
  const query = useQuery({
    queryKey: PREFERENCE,
    queryFn: async ({ signal }) => {
      const { items } = await read('/api/v1/preferences', { query: { name: NAME }, signal })
      return (items[0]?.value as { without?: Kinds } | null | undefined)?.without ?? QUIET
    },
  })
  const muted = computed(() => query.data.value ?? [])
  async function mute(kinds: readonly string[], key: string) {
    const kept = await act('/api/v1/preferences', { body: { name: NAME, value: { without: [...kinds] } }, key })
    queries.setQueryData(PREFERENCE, kinds)
    await queries.invalidateQueries({ queryKey: ['notifications'] })
    return kept
  }
  return { muted, mute, isKnown: computed(() => query.data.value !== undefined), query }
}

const without = (muted: Kinds) => (muted.length ? { without: muted } : {})

/** How many were not read yet. */
export function useUnread() {
  const { muted, isKnown } = useMuted()
  return useQuery({
    queryKey: computed((): unknown[] => ['notifications', 'unread', muted.value]),
    queryFn: ({ signal }) => read('/api/v1/notifications/unread', { query: without(muted.value), signal }),
    placeholderData: keepPreviousData,
    enabled: isKnown,
  })
}

/** Newest first, page by page. */
export function useNotices(onlyUnread: MaybeRefOrGetter<boolean>) {
  const { muted, isKnown } = useMuted()
  const query = useInfiniteQuery({
    queryKey: computed((): unknown[] => ['notifications', 'list', toValue(onlyUnread), muted.value]),
    queryFn: ({ pageParam, signal }) => {
      const asked = { ...without(muted.value), unread: toValue(onlyUnread), ...(pageParam ? { cursor: pageParam } : {}) }
      return read('/api/v1/notifications', { query: asked, signal })
    },
    initialPageParam: '',
    getNextPageParam: (page) => page.next || undefined,
    placeholderData: keepPreviousData,
    enabled: isKnown,
  })
  return { ...query, items: computed((): Notice[] => query.data.value?.pages.flatMap((page) => page.items) ?? []) }
}

/** All up to this position have been read. */
export function useMarkRead() {
  const queries = useQueryClient()
  return async (position: number, key: string) => {
    const done = await act('/api/v1/notifications/read', { body: { position }, key })
    await queries.invalidateQueries({ queryKey: ['notifications'] })
    return done
  }
}
