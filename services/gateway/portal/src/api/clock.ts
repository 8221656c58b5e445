/** Business time, by which deadlines are judged: a demonstration may run ahead. */
import { useQuery } from '@tanstack/vue-query'
import { computed, ref } from 'vue'

import { readDated } from './client'

const TICK_MS = 30_000
const local = ref(Date.now())
setInterval(() => (local.value = Date.now()), TICK_MS)

/** How far business time is ahead of real time, and this browser's clock behind the platform's. */
function useAhead() {
  return useQuery({
    queryKey: ['list', 'clock'], // renewed when somebody advances it
    queryFn: async () => {
      const { data, at } = await readDated('/api/v1/clock')
      const { offset_s } = data as { offset_s: number }
      return { offset_ms: offset_s * 1000, behind_ms: at === null ? 0 : at - Date.now() }
    },
    staleTime: TICK_MS,
  }).data
}

/** Business time now, renewed twice a minute; until the platform has said it, this browser's. */
export function useNow() {
  const ahead = useAhead()
  return computed(() => new Date(local.value + (ahead.value ? ahead.value.offset_ms + ahead.value.behind_ms : 0)))
}

/** How far business time is ahead of real time; nothing until the platform has said it. */
export function useOffset() {
  const ahead = useAhead()
  return computed(() => ahead.value?.offset_ms)
}
