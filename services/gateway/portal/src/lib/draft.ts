/** Forms that are not lost: kept in this browser as they are typed, per person (or for nobody, before one is signed in), until they are sent. */
import { onScopeDispose, reactive, ref, toRaw, watch } from 'vue'

import { session } from '@/api/session'

const KEEP_MS = 30 * 24 * 3_600_000 // what nobody came back to for a month is forgotten
const SETTLE_MS = 300

interface Kept<F> {
  form: F
  saved_at: number
}

/** `name`: which form of which thing, e.g. `demand.new`. */
export function useDraft<F extends object>(name: string, empty: () => F) {
  const place = `sails-draft:${session.value?.user.id ?? 'nobody'}:${name}`
  const kept = recall<F>(place)
  const form = reactive({ ...empty(), ...kept?.form }) as F
  const savedAt = ref<number | null>(kept?.saved_at ?? null)
  let timer: ReturnType<typeof setTimeout> | undefined
  let isEmptied = false

  function save() {
    clearTimeout(timer)
    timer = undefined
    savedAt.value = Date.now()
    localStorage.setItem(place, JSON.stringify({ form: toRaw(form), saved_at: savedAt.value }))
  }
  watch(form, () => {
    clearTimeout(timer)
    if (!isEmptied) timer = setTimeout(save, SETTLE_MS)
    isEmptied = false
  })
  const saveNow = () => timer && save()
  window.addEventListener('pagehide', saveNow)
  onScopeDispose(() => {
    saveNow()
    window.removeEventListener('pagehide', saveNow)
  })

  /** It was sent, or is not wanted any more. */
  function forget() {
    clearTimeout(timer)
    timer = undefined
    localStorage.removeItem(place)
    savedAt.value = null
  }
  function restart() {
    Object.assign(form, empty())
    isEmptied = true
    forget()
  }
  return { form, savedAt, wasKept: kept !== null, forget, restart }
}

function recall<F>(place: string): Kept<F> | null {
  try {
    const kept = JSON.parse(localStorage.getItem(place) ?? 'null') as Kept<F> | null
    return kept && Date.now() - kept.saved_at < KEEP_MS ? kept : null
  } catch {
    return null
  }
}
