/** Of an amount all is meant, or a part of it that is typed. */
import { computed, reactive } from 'vue'

import type { Money } from '@/api/client'

import { fen, typed } from './money'

export function usePart(whole: () => Money | null | undefined) {
  const form = reactive({ is_part: false, amount: '' })
  /** Null: all of it, or a part that is not typed yet. */
  const part = computed(() => (form.is_part ? typed(form.amount) : null))
  const isWithin = computed(() => !form.is_part || (part.value !== null && fen(part.value) > 0n && fen(part.value) <= fen(whole())))
  return { form, part, isWithin }
}
export type Part = ReturnType<typeof usePart>
