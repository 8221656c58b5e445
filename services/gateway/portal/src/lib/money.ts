/** Money as people read it. Amounts stay decimal strings: no float ever holds one. */
import type { Money } from '@/api/client'

const DIGITS = '零壹贰叁肆伍陆柒捌玖'
const PLACES = ['', '拾', '佰', '仟']
const GROUPS = ['', '万', '亿', '万亿']

/** `1234567.5` → `1,234,567.50`. */
export function grouped(amount: string): string {
  const [whole, cents = ''] = amount.split('.')
  return `${whole.replace(/\B(?=(\d{3})+$)/g, ',')}.${cents.padEnd(2, '0')}`
}

export function shown(money: Money | null | undefined): string {
  return money ? `¥${grouped(money.amount)}` : '—'
}

/** In 万 or 亿 (Chinese), million or billion (English), for charts and heads; two decimals. */
export function short(money: Money, isChinese: boolean): string {
  const yuan = Number(money.amount)
  const [unit, name] = isChinese
    ? yuan >= 1e8
      ? [1e8, ' 亿']
      : yuan >= 1e4
        ? [1e4, ' 万']
        : [1, '']
    : yuan >= 1e9
      ? [1e9, ' bn']
      : yuan >= 1e6
        ? [1e6, ' m']
        : [1, '']
  return `¥${(yuan / unit).toLocaleString('en-US', { maximumFractionDigits: 2 })}${name}`
}

export function fen(money: Money | null | undefined): bigint {
  if (!money) return 0n
  const [whole, cents = ''] = money.amount.split('.')
  return BigInt(whole) * 100n + BigInt(cents.padEnd(2, '0'))
}

export function money(fen: bigint): Money {
  return { amount: `${fen / 100n}.${String(fen % 100n).padStart(2, '0')}`, currency: 'CNY' }
}

const SHIFTS: Record<string, number> = { 万: 4, 亿: 8 }

/** What was typed as an amount, or null: `12,000.5` → `12000.5`, `1.5万` → `15000`. */
export function typed(text: string): Money | null {
  const plain = text.replace(/[,，¥\s]/g, '')
  const [, whole, part = '', unit] = /^(0|[1-9]\d{0,13})(?:\.(\d{1,10}))?(万|亿)?元?$/.exec(plain) ?? []
  if (!whole) return null
  const places = unit ? SHIFTS[unit] : 0
  const yuan = (whole + part.slice(0, places).padEnd(places, '0')).replace(/^0+(?=\d)/, '')
  const cents = part.slice(places)
  if (yuan.length > 14 || cents.length > 2) return null
  return { amount: cents ? `${yuan}.${cents}` : yuan, currency: 'CNY' }
}

/** 大写金额, as cheques and contracts have it (中国人民银行《正确填写票据和结算凭证的基本规定》). */
export function capitals({ amount }: Money): string {
  const [whole, cents = ''] = amount.split('.')
  const [jiao, fen] = cents.padEnd(2, '0').split('').map(Number)
  const yuan = inCapitals(whole.replace(/^0+/, ''))
  if (!jiao && !fen) return `人民币${yuan || '零'}元整`
  const head = yuan ? `${yuan}元` : ''
  const middle = jiao ? `${DIGITS[jiao]}角` : head ? '零' : ''
  return `人民币${head}${middle}${fen ? `${DIGITS[fen]}分` : '整'}`
}

function inCapitals(digits: string): string {
  const groups: string[] = []
  for (let end = digits.length; end > 0; end -= 4) groups.unshift(digits.slice(Math.max(0, end - 4), end))
  let text = ''
  groups.forEach((group, index) => {
    const said = fourDigits(group)
    const gap = text && said && (group.startsWith('0') || text.endsWith('零')) ? '零' : ''
    if (said) text = text.replace(/零$/, '') + gap + said + GROUPS[groups.length - 1 - index]
    else if (text && !text.endsWith('零')) text += '零'
  })
  return text.replace(/零$/, '')
}

function fourDigits(group: string): string {
  let text = ''
  const digits = group.split('').map(Number)
  digits.forEach((digit, index) => {
    if (digit) text += DIGITS[digit] + PLACES[digits.length - 1 - index]
    else if (text && digits.slice(index + 1).some(Boolean) && !text.endsWith('零')) text += '零'
  })
  return text
}
