/**
 * A person's own signing key: made in this browser, its private half never leaves it and cannot be
 * read even here (non-extractable). The platform knows the public half (`services/contracts/signing.py`).
 */
import { act, read } from '@/api/client'
import { Problem } from '@/api/problem'
import { me } from '@/api/session'
import { t } from '@/i18n'

interface Held {
  key_id: string
  private_key: CryptoKey
}
export interface Signed {
  key_id: string
  signature: string
}

const ALGORITHM = 'Ed25519'
const STORE = 'keys'

/** Signs the bytes of a digest written in hex. The first time the key is made and registered. */
export async function sign(sha256: string): Promise<Signed> {
  const held = (await registered()) ?? (await make())
  const signature = await crypto.subtle.sign(ALGORITHM, held.private_key, bytes(sha256))
  return { key_id: held.key_id, signature: base64(signature) }
}

/** The key of this browser, if the platform knows it and it was not revoked. */
export async function registered(): Promise<Held | null> {
  const held = await recall(me.value.user.id)
  if (!held) return null
  const user = await read('/api/v1/users/{id}', { id: me.value.user.id })
  const known = user.signing_keys?.find((key) => key.key_id === held.key_id)
  return known && !known.revoked_at ? held : null
}

/** Whether this browser has none while the person has registered one in another: a second would be made. */
export async function hasKeyElsewhere(): Promise<boolean> {
  if (await registered()) return false
  const user = await read('/api/v1/users/{id}', { id: me.value.user.id })
  return user.signing_keys?.some((key) => !key.revoked_at) ?? false
}

export async function make(): Promise<Held> {
  if (!globalThis.crypto?.subtle) throw new Problem(0, 'insecure', t('common.signing-needs-https'))
  const user_id = me.value.user.id
  const pair = (await crypto.subtle.generateKey(ALGORITHM, false, ['sign', 'verify'])) as CryptoKeyPair
  const public_key = base64(await crypto.subtle.exportKey('raw', pair.publicKey))
  const user = await act('/api/v1/users/{id}/register-signing-key', { id: user_id, body: { public_key } })
  const known = user.signing_keys?.find((key) => key.public_key === public_key)
  if (!known) throw new Problem(0, 'unexpected', 'the key was not registered')
  const held = { key_id: known.key_id, private_key: pair.privateKey }
  await keep(user_id, held)
  return held
}

function bytes(hex: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16))
}

function base64(buffer: ArrayBuffer): string {
  return btoa(String.fromCharCode(...new Uint8Array(buffer)))
}

async function database(): Promise<IDBDatabase> {
  const opening = indexedDB.open('sails-signing', 1)
  opening.onupgradeneeded = () => opening.result.createObjectStore(STORE)
  return answer(opening)
}

async function recall(user_id: string): Promise<Held | undefined> {
  const store = (await database()).transaction(STORE).objectStore(STORE)
  return answer(store.get(user_id) as IDBRequest<Held | undefined>)
}

async function keep(user_id: string, held: Held): Promise<void> {
  const store = (await database()).transaction(STORE, 'readwrite').objectStore(STORE)
  await answer(store.put(held, user_id))
}

function answer<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error ?? new Error('IndexedDB'))
  })
}
