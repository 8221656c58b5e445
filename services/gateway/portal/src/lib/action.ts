/**
 * A command as a button gives it: once in effect however often it is pressed.
 *
 * One intention has one Idempotency-Key: pressing again while nobody has answered sends the same
 * request; a changed one, or one after a refusal, gets a new key.
 */
import { ElMessage } from 'element-plus'
import { ref, shallowRef } from 'vue'

import { newKey } from '@/api/client'
import { Problem } from '@/api/problem'

export interface Intention {
  about: string
  key: string
}
export const noIntention = (): Intention => ({ about: '', key: '' })

/** `intention`: kept elsewhere, as in a draft, the key outlives a reload of the page. */
export function useAction<A extends unknown[], R>(
  carryOut: (key: string, ...given: A) => Promise<R>,
  { done, intention }: { done?: string | ((result: R) => string); intention?: () => Intention } = {},
) {
  const isRunning = ref(false)
  const problem = shallowRef<Problem | null>(null)
  const own = noIntention()
  const kept = intention ?? (() => own)
  const end = () => Object.assign(kept(), noIntention())

  async function run(...given: A): Promise<R | undefined> {
    if (isRunning.value) return undefined
    const about = JSON.stringify(given, (_, value: unknown) => (typeof value === 'bigint' ? `${value}` : value))
    if (kept().about !== about) Object.assign(kept(), { about, key: newKey() })
    isRunning.value = true
    problem.value = null
    try {
      const result = await carryOut(kept().key, ...given)
      end()
      if (done) ElMessage.success({ message: typeof done === 'function' ? done(result) : done, grouping: true })
      return result
    } catch (error) {
      problem.value = asProblem(error)
      if (!problem.value.isPassing) end()
      return undefined
    } finally {
      isRunning.value = false
    }
  }
  return { run, isRunning, problem }
}

export function asProblem(error: unknown): Problem {
  return error instanceof Problem ? error : new Problem(0, 'unexpected', String(error))
}
