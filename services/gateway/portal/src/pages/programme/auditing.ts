/** What the audit is searched by, as its address has it. */
export const NAMES = ['q', 'party_id', 'type', 'from', 'to', 'thread_id'] as const
