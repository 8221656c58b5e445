/** Where in the wizard one stands: `?step=cost`, so a link leads there and a reload stays. */
import { computed } from 'vue'
import { useRoute, useRouter } from 'vue-router'

import { STEPS } from './draft'

export type StepName = (typeof STEPS)[number]

export function useStep() {
  const route = useRoute()
  const router = useRouter()
  const step = computed((): StepName => STEPS.find((name) => name === route.query.step) ?? 'choose')
  const go = (to: StepName) => void router.push({ query: { ...route.query, step: to } })
  return { step, go }
}
