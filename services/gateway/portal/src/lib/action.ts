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

export function useAction<A extends unknown[], R>(
  carryOut: (key: string, ...given: A) => Promise<R>,
  { done }: { done?: string | ((result: R) => string) } = {},
) {
  const isRunning = ref(false)
  const problem = shallowRef<Problem | null>(null)
  let intention = { about: '', key: '' }

  async function run(...given: A): Promise<R | undefined> {
    if (isRunning.value) return undefined
    const about = JSON.stringify(given, (_, value: unknown) => (typeof value === 'bigint' ? `${value}` : value))
    if (intention.about !== about) intention = { about, key: newKey() }
    isRunning.value = true
    problem.value = null
    try {
      const result = await carryOut(intention.key, ...given)
      intention = { about: '', key: '' }
      if (done) ElMessage.success({ message: typeof done === 'function' ? done(result) : done, grouping: true })
      return result
    } catch (error) {
      problem.value = asProblem(error)
      if (!problem.value.isPassing) intention = { about: '', key: '' }
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
