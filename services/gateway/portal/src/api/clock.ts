/** Business time, by which deadlines are judged: a demonstration may run ahead. */
import { useQuery } from '@tanstack/vue-query'
import { computed, ref } from 'vue'

import { read } from './client'

const TICK_MS = 30_000
const real = ref(Date.now())
setInterval(() => (real.value = Date.now()), TICK_MS)

/** Business time now, renewed twice a minute. */
export function useNow() {
  const { data } = useQuery({
    queryKey: ['list', 'clock'], // renewed when somebody advances it
    queryFn: () => read('/api/v1/clock') as Promise<{ offset_s: number }>,
    staleTime: TICK_MS,
  })
  return computed(() => new Date(real.value + (data.value?.offset_s ?? 0) * 1000))
}
