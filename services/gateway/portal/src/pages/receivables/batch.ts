/**
 * Several things one after the other, each a command of its own with its own Idempotency-Key.
 *
 * A row that nobody has answered keeps its key and can be tried again; one refused gets a new one.
 */
import { computed, ref, shallowRef } from 'vue'

import { newKey } from '@/api/client'
import type { Problem } from '@/api/problem'
import { asProblem } from '@/lib/action'

export type Outcome = 'waiting' | 'running' | 'done' | 'refused'
interface Row<T> {
  item: T
  key: string
  outcome: Outcome
  problem: Problem | null
}

export function useBatch<T extends { id: string }>(carryOut: (item: T, key: string) => Promise<unknown>) {
  const rows = shallowRef<Row<T>[]>([])
  const isRunning = ref(false)
  const set = (row: Row<T>, change: Partial<Row<T>>) => {
    rows.value = rows.value.map((one) => (one.item.id === row.item.id ? { ...one, ...change } : one))
  }

  /** What is to be done; it starts with `run`. */
  function choose(items: readonly T[]) {
    rows.value = items.map((item) => ({ item, key: newKey(), outcome: 'waiting', problem: null }))
  }
  async function run() {
    if (isRunning.value) return
    isRunning.value = true
    for (const row of rows.value.filter((one) => one.outcome !== 'done')) await one(row)
    isRunning.value = false
  }
  async function one(row: Row<T>) {
    set(row, { outcome: 'running', problem: null })
    try {
      await carryOut(row.item, row.key)
      set(row, { outcome: 'done' })
    } catch (error) {
      const problem = asProblem(error)
      set(row, { outcome: 'refused', problem, key: problem.isPassing ? row.key : newKey() })
    }
  }
  const count = (...outcomes: Outcome[]) => rows.value.filter((one) => outcomes.includes(one.outcome)).length
  const done = computed(() => count('done'))
  const refused = computed(() => count('refused'))
  const isOver = computed(() => rows.value.length > 0 && !isRunning.value && count('waiting', 'running') === 0)
  const percent = computed(() => (rows.value.length ? Math.round((100 * count('done', 'refused')) / rows.value.length) : 0))
  return { rows, isRunning, isOver, done, refused, percent, choose, run }
}
