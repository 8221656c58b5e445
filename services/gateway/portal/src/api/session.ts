/** Who is signed in. One session per browser; it lives in a cookie that no script can read. */
import { computed, readonly, shallowRef } from 'vue'

import { caller, type Schemas } from './client'
import { Problem } from './problem'

export interface Session {
  csrf_token: string
  expires_at: string
  user: { id: string; number: string; name: string; is_first: boolean; roles: string[] }
  party: {
    id: string
    number: string
    name: string
    state: string
    capacities: Schemas['PartyState']['capacities']
    size: string | null
    nature: string
  }
  scopes: string[]
}

/** Of an organisation that came by itself and has not been let in yet. */
const JOINING = new Set(['applying', 'applied', 'refused', 'rejected'])

const current = shallowRef<Session | null>(null)
export const session = readonly(current)
export const me = computed(() => {
  if (current.value === null) throw new Error('nobody is signed in')
  return current.value
})

/** Whether the person can do nothing yet but see to the application. */
export const isApplicant = computed(() => JOINING.has(current.value?.party.state ?? ''))

/** Whether the session has ended while its person was at work; the dialog that asks again watches it. */
export const hasExpired = shallowRef(false)
let waiting: ((isBack: boolean) => void)[] = []

/** Whoever was signed in before the page was loaded, or nobody. Raises Problem when nobody answers. */
export async function resume(): Promise<Session | null> {
  const response = await call('GET', '')
  if (response.status === 401) return null
  return begin(await answer(response))
}

export async function signIn(login: string, password: string): Promise<Session> {
  return begin(await answer(await call('POST', '', { login, password })))
}

export async function activate(code: string, login: string, password: string): Promise<Session> {
  return begin(await answer(await call('POST', '/activate', { code, login, password })))
}

/** The host of the provider by which people may sign in beside a password, or nobody. */
export async function offer(): Promise<string | null> {
  const response = await call('GET', '/oidc/offer')
  return response.ok ? ((await response.json()) as { issuer: string | null }).issuer : null
}

/** Where to go to sign in by that provider from now on, too. */
export async function connect(password: string): Promise<string> {
  const response = await call('POST', '/oidc/connect', { password })
  const body: unknown = await response.json().catch(() => null)
  if (!response.ok) throw Problem.of(response.status, body, response.headers)
  return (body as { url: string }).url
}

export async function disconnect(): Promise<void> {
  const response = await call('POST', '/oidc/disconnect', {})
  if (!response.ok) throw Problem.of(response.status, await response.json().catch(() => null), response.headers)
}

/** An organisation asks to be let in; its person is signed in. */
export async function join(said: Schemas['Join']): Promise<Session> {
  return begin(await answer(await call('POST', '/join', said)))
}

export async function changePassword(old_password: string, new_password: string): Promise<Session> {
  return begin(await answer(await call('POST', '/password', { old_password, new_password })))
}

export async function signOut(): Promise<void> {
  await call('POST', '/end', {})
  current.value = null
  caller.csrf = ''
}

export function may(scope: string): boolean {
  return current.value?.scopes.includes(scope) ?? false
}

export function actsAs(capacity: string): boolean {
  return current.value?.user.roles.some((role) => role.startsWith(`${capacity}.`)) ?? false
}

/** The person did not come back: what waits for the session is refused. */
export function giveUp(): void {
  hasExpired.value = false
  current.value = null
  settle(false)
}

caller.signInAgain = async () => {
  const asking = current.value?.user.id
  if (asking === undefined) return false
  if (!hasExpired.value && (await isStillOpen())) return true
  if (current.value?.user.id !== asking) return false // has left meanwhile
  hasExpired.value = true
  return new Promise((resolve) => waiting.push(resolve))
}

/** Another tab may have signed in anew: its cookie is ours too, only the token is not. */
async function isStillOpen(): Promise<boolean> {
  const response = await call('GET', '')
  if (!response.ok) return false
  const found = (await response.json()) as Session
  if (found.user.id !== current.value?.user.id) return false
  const isNew = found.csrf_token !== caller.csrf
  begin(found)
  return isNew
}

function begin(found: Session): Session {
  const before = current.value
  current.value = found
  caller.csrf = found.csrf_token
  if (hasExpired.value) {
    hasExpired.value = false
    // Another person must not send what this one has filled in.
    if (before !== null && before.user.id !== found.user.id) location.reload()
    else settle(true)
  }
  return found
}

function settle(isBack: boolean): void {
  const told = waiting
  waiting = []
  told.forEach((tell) => tell(isBack))
}

async function call(method: string, path: string, body?: object): Promise<Response> {
  const headers: Record<string, string> = { 'Accept-Language': caller.language }
  if (body !== undefined) headers['Content-Type'] = 'application/json'
  if (caller.csrf) headers['X-CSRF-Token'] = caller.csrf
  try {
    return await fetch(`/api/v1/session${path}`, { method, headers, body: body && JSON.stringify(body) })
  } catch (error) {
    throw Problem.away(String(error))
  }
}

async function answer(response: Response): Promise<Session> {
  const body: unknown = await response.json().catch(() => null)
  if (response.ok) return body as Session
  throw Problem.of(response.status, body, response.headers)
}
