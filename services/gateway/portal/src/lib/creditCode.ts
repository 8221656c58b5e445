/** 统一社会信用代码 as it is typed: GB 32100-2015, its last place checks the others. */
const ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY'

/** What is wrong with it: nothing, its length, its signs, or a mistyped place. */
export function fault(text: string): '' | 'length' | 'signs' | 'check' {
  const code = text.trim().toUpperCase()
  if (code.length !== 18) return 'length'
  const places = [...code].map((sign) => ALPHABET.indexOf(sign))
  if (places.includes(-1)) return 'signs'
  const sum = places.slice(0, 17).reduce((total, value, place) => total + value * 3 ** place % 31, 0)
  return places[17] === (31 - (sum % 31)) % 31 ? '' : 'check'
}
