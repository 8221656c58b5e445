/** What the platform takes as a password (`services/contracts/session.py`), typed twice alike. */
export const LEAST_LETTERS = 10
export const MOST_LETTERS = 128

export const isChosen = (password: string, again: string) => password.length >= LEAST_LETTERS && password === again
