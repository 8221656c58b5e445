/**
 * The one way to the platform: the public API, typed by its OpenAPI document.
 *
 * `read` asks, `act` commands. A command carries an Idempotency-Key, so it can be sent again until
 * somebody answers. A session that has ended asks the person to sign in again and goes on: nothing
 * that was filled in is lost.
 */
import createClient from 'openapi-fetch'

import { Problem } from './problem'
import type { components, paths } from './schema'

export type Schemas = components['schemas']
export interface Money {
  amount: string
  currency: 'CNY'
}

type Json<R> = R extends { content: { 'application/json': infer A } } ? A : never
type Good<O> = O extends { responses: infer R }
  ? 200 extends keyof R
    ? Json<R[200]>
    : 201 extends keyof R
      ? Json<R[201]>
      : never
  : never
export type ReadPath = { [P in keyof paths]: paths[P] extends { get: object } ? P : never }[keyof paths]
/** Of what is made as a file. */
export type FilePath = ReadPath & `${string}/export`
export type ActPath = { [P in keyof paths]: paths[P] extends { post: object } ? P : never }[keyof paths]
export type Answer<P extends ReadPath> = Good<paths[P]['get']>
export type Done<P extends ActPath> = Good<paths[P]['post']>
export type Asked<P extends ReadPath> = paths[P]['get'] extends { parameters: { query?: infer Q } } ? Q : never
export type Body<P extends ActPath> = paths[P]['post'] extends {
  requestBody?: { content: { 'application/json': infer B } }
}
  ? B
  : never

export interface Reading<P extends ReadPath> {
  id?: string
  query?: Asked<P>
  signal?: AbortSignal
}
export interface Acting<P extends ActPath> {
  id?: string
  body?: Body<P>
  /** The `sequence` that was seen, for what asks for If-Match. */
  version?: number
  /** The Idempotency-Key; one intention keeps one key however often it is sent. */
  key?: string
}

/** What the session gives to every request; `@/api/session` fills it in. */
export const caller = {
  csrf: '',
  language: 'zh-CN',
  /** Asks for a new sign-in; false when there was no session to begin with. */
  signInAgain: async (): Promise<boolean> => false,
}

const TRIES = 4 // of a request that nobody answers: about six seconds in all
const PAUSE_MS = 400
// Several values of one parameter are separated by commas, as the document says.
const querySerializer = { array: { style: 'form', explode: false } } as const
const http = createClient<paths>({ baseUrl: '/', querySerializer })

export function read<P extends ReadPath>(path: P, given: Reading<P> = {}): Promise<Answer<P>> {
  const params = { path: { id: given.id }, query: given.query }
  return patiently('GET', path, { params, signal: given.signal }) as Promise<Answer<P>>
}

/** The same, and what time it is on the platform, as far as it says so. */
export function readDated<P extends ReadPath>(path: P): Promise<{ data: Answer<P>; at: number | null }> {
  const dated = ({ data, response }: Result) => ({ data, at: Date.parse(response.headers.get('Date') ?? '') || null })
  return patiently('GET', path, {}, dated) as Promise<{ data: Answer<P>; at: number | null }>
}

export function act<P extends ActPath>(path: P, given: Acting<P> = {}): Promise<Done<P>> {
  const headers: Record<string, string> = { 'Idempotency-Key': given.key ?? newKey() }
  if (given.version !== undefined) headers['If-Match'] = `"${given.version}"`
  const params = { path: { id: given.id } }
  return patiently('POST', path, { params, body: given.body ?? {}, headers }) as Promise<Done<P>>
}

/** A file as the body of a command; its type tells the platform how to read it. */
export function upload<P extends ActPath>(path: P, file: Blob, type: string, key: string): Promise<Done<P>> {
  const headers = { 'Idempotency-Key': key, 'Content-Type': type }
  const bodySerializer = (body: unknown) => body as Blob
  return patiently('POST', path, { body: file, bodySerializer, headers }) as Promise<Done<P>>
}

export interface Sheet {
  file: Blob
  /** As the platform calls it, in the reader's language where it has one. */
  name: string
}

/** A file that the platform makes of what is asked for. */
export function download(path: FilePath, query: Record<string, unknown>): Promise<Sheet> {
  return patiently('GET', path, { params: { query }, parseAs: 'blob' }, ({ data, response }) => ({
    file: data as Blob,
    name: nameIn(response.headers.get('Content-Disposition') ?? ''),
  })) as Promise<Sheet>
}

function nameIn(disposition: string): string {
  const [, written] = /filename\*=UTF-8''([^;]+)/.exec(disposition) ?? []
  return written ? decodeURIComponent(written) : ''
}

export function newKey(): string {
  return crypto.randomUUID()
}

type Take = (result: Result) => unknown

async function patiently(method: 'GET' | 'POST', path: string, init: object, take: Take = ({ data }) => data): Promise<unknown> {
  for (let tries = 1; ; tries++) {
    try {
      return take(await once(method, path, init))
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      if (error.status === 401 && (await caller.signInAgain())) continue
      if (error.code === 'csrf_invalid' && tries === 1 && (await caller.signInAgain())) continue
      if (!error.isPassing || tries >= TRIES) throw error
      await pause((error.retryAfterS ?? 0) * 1000 || PAUSE_MS * 2 ** (tries - 1))
    }
  }
}

async function once(method: 'GET' | 'POST', path: string, init: object): Promise<Result> {
  const own = 'headers' in init ? (init.headers as Record<string, string>) : {}
  const headers: Record<string, string> = { 'Accept-Language': caller.language, ...own }
  if (method === 'POST') headers['X-CSRF-Token'] = caller.csrf
  let result
  try {
    const send = http.request as unknown as (m: string, p: string, i: object) => Promise<Result>
    result = await send(method.toLowerCase(), path, { ...init, headers })
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error
    throw Problem.away(String(error))
  }
  if (result.response.ok) return result
  throw Problem.of(result.response.status, result.error, result.response.headers)
}

interface Result {
  data?: unknown
  error?: unknown
  response: Response
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
