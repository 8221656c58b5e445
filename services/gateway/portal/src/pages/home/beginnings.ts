/** Where people of each capacity begin what only they begin; `scope`: what their duty must allow. */
export const beginnings = [
  { name: 'publish', capacity: 'buyer', path: '/demands/new', scope: 'demands:write' },
  { name: 'confirm', capacity: 'buyer', path: '/confirmations', scope: 'receivables:respond' },
  { name: 'offer', capacity: 'supplier', path: '/supplies/new', scope: 'supplies:write' },
  { name: 'hall', capacity: 'supplier', path: '/hall', scope: 'read' },
  { name: 'enter', capacity: 'supplier', path: '/receivables/new', scope: 'receivables:write' },
  { name: 'finance', capacity: 'supplier', path: '/financing/new', scope: 'applications:write' },
  { name: 'queue', capacity: 'bank', path: '/queue', scope: 'read' },
  { name: 'portfolio', capacity: 'bank', path: '/portfolio', scope: 'read' },
  { name: 'products', capacity: 'bank', path: '/products', scope: 'read' },
  { name: 'limits', capacity: 'bank', path: '/limits', scope: 'read' },
  { name: 'register', capacity: 'operator', path: '/parties/new', scope: 'parties:write' },
  { name: 'board', capacity: 'operator', path: '/board', scope: 'read' },
] as const
