/** Files on their way: one after the other, each saying how far it is. */
import { computed, ref } from 'vue'

import { caller, newKey } from '@/api/client'
import { Problem } from '@/api/problem'
import { asProblem } from '@/lib/action'

/** Without which no application is handed in. */
export const LICENCE = 'business_licence'
export const PURPOSES = [LICENCE, 'authorisation_letter', 'financial_licence', 'qualification', 'other'] as const
export const ACCEPT = '.pdf,.png,.jpg,.jpeg,application/pdf,image/png,image/jpeg'
export const MAX_BYTES = 5 * 1024 * 1024 // as the platform has it
const MAX_NAME = 120

type Fault = '' | 'too-large' | 'not-a-document'

export interface Upload {
  key: string
  file: File
  /** Empty until somebody says it. */
  purpose: string
  /** Why the platform would not take it, as far as it shows here: a key of words, or nothing. */
  fault: Fault
  state: 'waiting' | 'sending' | 'sent' | 'failed'
  /** Between 0 and 1. */
  done: number
  problem: Problem | null
}

/** What one page could not send, for the next one to show. */
let handedOver: Upload[] = []

/** `usual`: what a file is where its name does not tell; else the first is a licence. */
export function useUploads(usual?: (typeof PURPOSES)[number]) {
  const all = ref<Upload[]>(handedOver)
  handedOver = []
  const isSending = computed(() => all.value.some((one) => one.state === 'sending'))

  /** Whether each may be sent: it is a document, and somebody has said of what kind. */
  const areReady = computed(() => all.value.every((one) => one.purpose && !one.fault))
  const haveLicence = computed(() => all.value.some((one) => one.purpose === LICENCE && !one.fault))

  async function choose(files: Iterable<File>) {
    for (const file of files) {
      const fault = await faultOf(file)
      const purpose = guess(file.name, usual ?? (all.value.length === 0 ? LICENCE : ''))
      all.value.push({ key: newKey(), file, purpose, fault, state: 'waiting', done: 0, problem: null })
    }
  }
  function drop(key: string) {
    all.value = all.value.filter((one) => one.key !== key)
  }
  /** Whether all of them have arrived. */
  async function send(): Promise<boolean> {
    for (const one of all.value) if (one.state !== 'sent') await sendOne(one)
    return all.value.every((one) => one.state === 'sent')
  }
  function handOver() {
    handedOver = all.value.filter((one) => one.state !== 'sent')
  }
  return { all, isSending, areReady, haveLicence, choose, drop, send, handOver }
}

// How each type begins; the platform goes by the same, not by what a file is called.
const BEGINNINGS = ['%PDF-', '\x89PNG\r\n\x1a\n', '\xff\xd8\xff']
const LONGEST = Math.max(...BEGINNINGS.map((one) => one.length))

async function faultOf(file: File): Promise<Fault> {
  if (file.size > MAX_BYTES) return 'too-large'
  const head = await file.slice(0, LONGEST).arrayBuffer().catch(() => new ArrayBuffer(0))
  const begins = String.fromCharCode(...new Uint8Array(head))
  return BEGINNINGS.some((one) => begins.startsWith(one)) ? '' : 'not-a-document'
}

/** What it probably is, by what it is called, or nothing; the person says it. */
function guess(name: string, usual: string): string {
  if (/授权|委托|author/i.test(name)) return 'authorisation_letter'
  if (/金融|许可|permit/i.test(name)) return 'financial_licence'
  if (/资质|证书|certif/i.test(name)) return 'qualification'
  return /执照|licen[cs]e/i.test(name) ? LICENCE : usual
}
export const sizeWord = (bytes: number) =>
  bytes >= 1024 * 1024 ? `${(bytes / 1024 / 1024).toFixed(1)} MB` : `${Math.max(1, Math.round(bytes / 1024))} KB`

async function sendOne(upload: Upload): Promise<void> {
  upload.state = 'sending'
  upload.problem = null
  try {
    await post(upload)
    upload.state = 'sent'
  } catch (error) {
    upload.state = 'failed'
    upload.problem = asProblem(error)
    // One that was refused is another wish when it is sent again; one that nobody answered is not.
    if (!upload.problem.isPassing) upload.key = newKey()
  }
}

/** By XMLHttpRequest, which alone says how much has been sent. */
function post(upload: Upload): Promise<void> {
  const named = new URLSearchParams({ name: upload.file.name.slice(-MAX_NAME), purpose: upload.purpose })
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('POST', `/api/v1/documents?${named}`)
    request.setRequestHeader('Accept-Language', caller.language)
    request.setRequestHeader('X-CSRF-Token', caller.csrf)
    request.setRequestHeader('Idempotency-Key', upload.key)
    request.setRequestHeader('Content-Type', upload.file.type || 'application/octet-stream')
    request.upload.onprogress = (event) => (upload.done = event.total ? event.loaded / event.total : 0)
    request.onload = () => (request.status < 300 ? resolve() : reject(refusal(request)))
    request.onerror = () => reject(Problem.away('upload'))
    request.send(upload.file)
  })
}

function refusal(request: XMLHttpRequest): Problem {
  const headers = new Headers()
  for (const name of ['Retry-After', 'X-Request-Id']) headers.set(name, request.getResponseHeader(name) ?? '')
  try {
    return Problem.of(request.status, JSON.parse(request.responseText), headers)
  } catch {
    return Problem.of(request.status, null, headers)
  }
}
