/** Who owes the next step: one's own, the platform's, a deal's. */
import { keepPreviousData, useQuery } from '@tanstack/vue-query'
import { computed, toValue, type MaybeRefOrGetter } from 'vue'

import { read, type Answer, type Asked } from './client'

export type Step = Answer<'/api/v1/steps'>['items'][number]
// Every entry has all of them; the document marks what is nullable, not what is there.
export type Entry = Required<Answer<'/api/v1/threads/{id}/timeline'>['items'][number]>

export function useSteps(asked: MaybeRefOrGetter<NonNullable<Asked<'/api/v1/steps'>>>) {
  return useQuery({
    queryKey: computed((): unknown[] => ['steps', toValue(asked)]),
    queryFn: ({ signal }) => read('/api/v1/steps', { query: toValue(asked), signal }),
    placeholderData: keepPreviousData,
  })
}

export function useTimeline(thread_id: MaybeRefOrGetter<string>) {
  return useQuery({
    queryKey: computed((): unknown[] => ['timeline', toValue(thread_id)]),
    queryFn: async ({ signal }) => {
      const story = await read('/api/v1/threads/{id}/timeline', { id: toValue(thread_id), query: { limit: 500 }, signal })
      return { ...story, items: story.items as Entry[] }
    },
  })
}

/** How many there are of each step. */
export function useStepSummary(view: 'mine' | 'operator') {
  return useQuery({
    queryKey: ['steps', 'summary', view],
    queryFn: ({ signal }) => read('/api/v1/steps/summary', { query: { view }, signal }),
  })
}
