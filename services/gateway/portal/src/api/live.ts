/**
 * What others do is seen within a second: facts arrive as server-sent events, and whatever on the
 * screen they are about is read anew.
 *
 * All tabs share one stream, held by the tab that has the lock: a browser opens only six
 * connections to one host. A lost connection comes back with Last-Event-ID, so there is no gap.
 */
import type { QueryClient } from '@tanstack/vue-query'
import { ref } from 'vue'

import { pluralOf } from './resources'

export interface Fact {
  id: string
  type: string
  kind: string
  resource_id: string
  thread_id: string | null
  sequence: number | null
}

/** Whether facts arrive; the shell shows when they do not. */
export const isLive = ref(true)

const TOGETHER_MS = 120 // facts of one command come in a bunch
const AGAIN_MS = 3_000
const LOCK = 'sails-stream'
const hearers = new Set<(fact: Fact) => void>()

/** Called with every fact while the answer is not called. */
export function onFact(hear: (fact: Fact) => void): () => void {
  hearers.add(hear)
  return () => hearers.delete(hear)
}

/** Follow the facts of the signed-in person until the answer is called. */
export function follow(queries: QueryClient, types: string[]): () => void {
  const ended = new AbortController()
  const channel = new BroadcastChannel(LOCK)
  const renew = renewing(queries)
  const heard = (fact: Fact) => {
    renew(fact)
    hearers.forEach((hear) => hear(fact))
  }
  channel.onmessage = (message: MessageEvent<Fact | 'all'>) =>
    message.data === 'all' ? void queries.invalidateQueries({ predicate: isTold }) : heard(message.data)
  const lead = () => leading(types, ended.signal, channel, queries, heard)
  navigator.locks.request(LOCK, { signal: ended.signal }, lead).catch(() => undefined)
  return () => {
    ended.abort()
    channel.close()
  }
}

/** Holds the stream as long as this tab lives. */
function leading(
  types: string[],
  ended: AbortSignal,
  channel: BroadcastChannel,
  queries: QueryClient,
  heard: (fact: Fact) => void,
): Promise<void> {
  return new Promise((resolve) => {
    let source: EventSource | null = null
    const tell = (event: MessageEvent<string>) => {
      const fact = JSON.parse(event.data) as Fact
      heard(fact)
      channel.postMessage(fact)
    }
    const open = () => {
      if (ended.aborted) return
      source = new EventSource('/api/v1/stream')
      // It tells what comes from now on: what was read before may have changed before it began.
      source.addEventListener('open', catchUp, { once: true })
      source.onopen = () => (isLive.value = true)
      source.onerror = () => {
        isLive.value = false
        // Closed for good: the session has ended, or the feed has forgotten where we were.
        if (source?.readyState === EventSource.CLOSED) setTimeout(anew, AGAIN_MS)
      }
      types.forEach((type) => source?.addEventListener(type, tell))
    }
    const catchUp = () => {
      void queries.invalidateQueries({ predicate: isTold })
      if (!ended.aborted) channel.postMessage('all')
    }
    const anew = () => {
      open()
      void queries.invalidateQueries() // whose session has ended is asked to sign in
    }
    open()
    ended.addEventListener('abort', () => {
      source?.close()
      resolve()
    })
  })
}

function renewing(queries: QueryClient): (fact: Fact) => void {
  let gathered: Fact[] = []
  let timer: ReturnType<typeof setTimeout> | undefined
  return (fact) => {
    gathered.push(fact)
    timer ??= setTimeout(() => {
      const facts = gathered
      gathered = []
      timer = undefined
      void queries.invalidateQueries({ predicate: ({ queryKey }) => isToldBy(facts, queryKey) })
    }, TOGETHER_MS)
  }
}

/** Whether facts change it at all: words, kinds and the like they do not. */
const TOLD = ['steps', 'notifications', 'timeline', 'one', 'list', 'asked']
const isTold = ({ queryKey: [sort] }: { queryKey: readonly unknown[] }) => TOLD.includes(sort as string)

function isToldBy(facts: Fact[], [sort, about, id]: readonly unknown[]): boolean {
  if (sort === 'steps' || sort === 'notifications') return true
  if (sort === 'timeline') return facts.some((fact) => fact.thread_id === about)
  const isOf = (fact: Fact) => pluralOf(fact.kind) === about
  if (sort === 'one') return facts.some((fact) => isOf(fact) && fact.resource_id === id)
  return (sort === 'list' || sort === 'asked') && facts.some(isOf)
}
