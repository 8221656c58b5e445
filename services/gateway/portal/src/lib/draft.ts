/**
 * Forms that are not lost: kept in this browser as they are typed, per person, until they are sent
 * or the person signs out. Who is not signed in has them in this tab alone, as long as it is open.
 */
import { onScopeDispose, reactive, ref, toRaw, watch } from 'vue'

import { session } from '@/api/session'

const KEEP_MS = 30 * 24 * 3_600_000 // what nobody came back to for a month is forgotten
const SETTLE_MS = 300
const NOBODY = 'nobody'

const ownerNow = () => session.value?.user.id ?? NOBODY
const prefixOf = (owner: string) => `sails-draft:${owner}:`

interface Kept<F> {
  form: F
  saved_at: number
}

/** `name`: which form of which thing, e.g. `demand.new`. */
export function useDraft<F extends object>(name: string, empty: () => F) {
  const owner = ownerNow()
  const store = owner === NOBODY ? sessionStorage : localStorage
  const place = prefixOf(owner) + name
  const kept = recall<F>(store, place)
  const form = reactive({ ...empty(), ...kept?.form }) as F
  const savedAt = ref<number | null>(kept?.saved_at ?? null)
  let timer: ReturnType<typeof setTimeout> | undefined
  let isEmptied = false

  function save() {
    clearTimeout(timer)
    timer = undefined
    if (ownerNow() !== owner) return // who has left has no drafts
    savedAt.value = Date.now()
    store.setItem(place, JSON.stringify({ form: toRaw(form), saved_at: savedAt.value }))
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
    store.removeItem(place)
    savedAt.value = null
  }
  function restart() {
    Object.assign(form, empty())
    isEmptied = true
    forget()
  }
  return { form, savedAt, wasKept: kept !== null, forget, restart }
}

/** All of one person, who has signed out: some hold prices that are sealed. */
export function forgetDrafts(user_id: string) {
  Object.keys(localStorage)
    .filter((place) => place.startsWith(prefixOf(user_id)))
    .forEach((place) => localStorage.removeItem(place))
}

function recall<F>(store: Storage, place: string): Kept<F> | null {
  try {
    const kept = JSON.parse(store.getItem(place) ?? 'null') as Kept<F> | null
    return kept && Date.now() - kept.saved_at < KEEP_MS ? kept : null
  } catch {
    return null
  }
}
