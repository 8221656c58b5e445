/** Reading things and lists of them; what is on the screen is read anew when a fact tells of it. */
import { keepPreviousData, useInfiniteQuery, useQueries, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, toValue, watchEffect, type MaybeRefOrGetter } from 'vue'

import { read, type Answer, type Asked, type ReadPath } from './client'

type Collection<P> = P extends `/api/v1/${infer K}/{id}` ? (K extends `${string}/${string}` ? never : K) : never
export type Plural = Collection<ReadPath>
type OnePath<K extends Plural> = `/api/v1/${K}/{id}` & ReadPath
type ListPath<K extends Plural> = `/api/v1/${K}` & ReadPath
export type One<K extends Plural> = Answer<OnePath<K>>
/** `state`: one, or several of them. */
export type Filters<K extends Plural> = Omit<NonNullable<Asked<ListPath<K>>>, 'cursor' | 'state'> & { state?: string | string[] }

const IRREGULAR: Record<string, string> = {
  party: 'parties',
  supply: 'supplies',
  delivery: 'deliveries',
  match: 'matches',
  api_key: 'api-keys',
  clock: 'clock',
}

/** The path word of a kind: `supply` → `supplies`. */
export function pluralOf(kind: string): string {
  return IRREGULAR[kind] ?? `${kind.replaceAll('_', '-')}s`
}

/** The kind that a path word stands for: `supplies` → `supply`. */
export function kindOf(plural: Plural): string {
  const irregular = Object.keys(IRREGULAR).find((kind) => IRREGULAR[kind] === plural)
  return irregular ?? plural.replace(/s$/, '').replaceAll('-', '_')
}

/** One thing; `id` empty: nothing is read yet. */
export function useOne<K extends Plural>(plural: K, id: MaybeRefOrGetter<string | null | undefined>) {
  return useQuery({
    queryKey: computed((): unknown[] => ['one', plural, toValue(id)]),
    queryFn: ({ signal }) =>
      read(`/api/v1/${plural}/{id}` as OnePath<K>, { id: toValue(id) ?? '', signal }) as Promise<One<K>>,
    enabled: computed(() => Boolean(toValue(id))),
  })
}

/** Several things by their ids; those that are not here (yet) are left out. */
export function useMany<K extends Plural>(plural: K, ids: MaybeRefOrGetter<readonly string[]>) {
  const queries = computed(() =>
    toValue(ids).map((id) => ({
      queryKey: ['one', plural, id] as unknown[],
      queryFn: ({ signal }: { signal: AbortSignal }) => read(`/api/v1/${plural}/{id}` as OnePath<K>, { id, signal }) as Promise<One<K>>,
    })),
  )
  const found = useQueries({ queries })
  const items = computed((): One<K>[] => found.value.flatMap((one) => (one.data ? [one.data as One<K>] : [])))
  const isPending = computed(() => found.value.some((one) => one.isPending))
  const error = computed(() => found.value.find((one) => one.error)?.error ?? null)
  return { items, isPending, error }
}

interface Page<T> {
  items: T[]
  next: string | null
}

/** A list, page by page; `items` are those of all pages so far. */
export function useList<K extends Plural>(
  plural: K,
  filters: MaybeRefOrGetter<Filters<K>>,
  isWanted: MaybeRefOrGetter<boolean> = true,
) {
  const query = useInfiniteQuery({
    queryKey: computed((): unknown[] => ['list', plural, toValue(filters)]),
    queryFn: ({ pageParam, signal }) =>
      read(`/api/v1/${plural}` as ListPath<K>, {
        query: { ...toValue(filters), ...(pageParam ? { cursor: pageParam } : {}) } as never,
        signal,
      }) as Promise<unknown> as Promise<Page<One<K>>>,
    initialPageParam: '',
    getNextPageParam: (page: Page<One<K>>) => page.next || undefined,
    placeholderData: keepPreviousData,
    enabled: computed(() => toValue(isWanted)),
  })
  const pages = computed(() => query.data.value?.pages as Page<One<K>>[] | undefined)
  const items = computed((): One<K>[] => pages.value?.flatMap((page) => page.items) ?? [])
  return { ...query, items }
}

const MOST = 1_000 // of one list that is read to its end; beyond it the page says that there are more

/**
 * A list that reads on by itself. `isWhole`: all of it is here; `isCut`: there is more than is read
 * by itself. After a failure it waits for the next fact or the person, as any other reading.
 */
export function useWhole<K extends Plural>(
  plural: K,
  filters: MaybeRefOrGetter<Filters<K>>,
  isWanted: MaybeRefOrGetter<boolean> = true,
) {
  const list = useList(plural, filters, isWanted)
  const isOlder = list.isPlaceholderData // of the filters before
  const isCut = computed(() => list.hasNextPage.value && list.items.value.length >= MOST)
  const isWhole = computed(() => list.isSuccess.value && !isOlder.value && !list.hasNextPage.value)
  watchEffect(() => {
    const canGoOn = list.hasNextPage.value && !list.isFetching.value && !list.error.value && !isOlder.value
    if (toValue(isWanted) && canGoOn && !isCut.value) void list.fetchNextPage()
  })
  return { ...list, isCut, isWhole }
}

/** Shows what a command has answered at once, before the fact of it arrives; answers it again. */
export function useShown<K extends Plural>(plural: K) {
  const queries = useQueryClient()
  return <D extends { id: string }>(document: D): D => {
    queries.setQueryData(['one', plural, document.id], document)
    void queries.invalidateQueries({ queryKey: ['list', plural] })
    return document
  }
}

/** Any other reading; the first word of `about` is the plural of the kind whose facts renew it. */
export function useAsked<P extends ReadPath>(
  about: string,
  path: P,
  given: MaybeRefOrGetter<{ id?: string; query?: Asked<P> }>,
  isWanted: MaybeRefOrGetter<boolean> = true,
) {
  return useQuery({
    queryKey: computed((): unknown[] => ['asked', about, path, toValue(given)]),
    queryFn: ({ signal }) => read(path, { ...toValue(given), signal }),
    placeholderData: keepPreviousData,
    enabled: computed(() => toValue(isWanted)),
  })
}
