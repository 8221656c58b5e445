/** The shares 融资份额 of an application: each is of the deal of its own receivable, not of one deal. */
import { computed, type MaybeRefOrGetter, toValue } from 'vue'

import { useMany } from '@/api/resources'

import type { Application } from './applications'

/** As the applicant sees them, in the order of the application. */
export const usePositions = (application: MaybeRefOrGetter<Application | undefined>) =>
  useMany('positions', computed(() => (toValue(application)?.shares ?? []).flatMap((share) => share.position_id ?? [])))
