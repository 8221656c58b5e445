/** What an organisation says of itself, as it is typed and as the platform takes it. */
import type { Schemas } from '@/api/client'
import { fault } from '@/lib/creditCode'

export const CAPACITIES = ['supplier', 'buyer', 'bank'] as const
export const NATURES = ['private', 'state_owned', 'government', 'public_institution', 'association'] as const
export const SIZES = ['micro', 'small', 'medium', 'large'] as const
/** The sections 门类 of GB/T 4754-2017. */
export const SECTIONS = [...'ABCDEFGHIJKLMNOPQRST']

export interface Organisation {
  credit_code: string
  name: string
  capacities: string[]
  nature: string
  size: string
  region: string
  industry: string
}
export interface Person {
  person_name: string
  contact: string
  login: string
}

export const emptyOrganisation = (): Organisation => ({
  credit_code: '',
  name: '',
  capacities: [],
  nature: 'private',
  size: '',
  region: '',
  industry: '',
})
export const emptyPerson = (): Person => ({ person_name: '', contact: '', login: '' })

/** What is known of an organisation already, to be mended. */
export function ofParty(party: Partial<Schemas['PartyState']>): Organisation {
  const { credit_code, name, capacities, nature, size, region, industry } = party
  return {
    credit_code: credit_code ?? '',
    name: name ?? '',
    capacities: [...(capacities ?? [])],
    nature: nature ?? 'private',
    size: size ?? '',
    region: region ?? '',
    industry: industry ?? '',
  }
}

export const isWhole = (form: Organisation) =>
  Boolean(form.name.trim() && form.capacities.length && fault(form.credit_code) === '')

export function bodyOf(form: Organisation): Schemas['AmendJoining'] {
  const body = {
    credit_code: form.credit_code.trim().toUpperCase(),
    name: form.name.trim(),
    capacities: form.capacities,
    nature: form.nature,
    size: form.size || null,
    region: form.region.trim() || null,
    industry: form.industry || null,
  }
  return body as Schemas['AmendJoining']
}
