/** What a person has set on the page and is kept in the browser; one that keeps nothing has what was set until the page is loaded anew. */

const keyOf = (key: string): string => `polyphase ${key}`;

/** What was kept, as far as it is still what it has to be. */
export function keptOf<T>(key: string, read: (kept: unknown) => T | undefined, otherwise: T): T {
  try {
    return read(JSON.parse(localStorage.getItem(keyOf(key)) ?? "null")) ?? otherwise;
  } catch {
    return otherwise;
  }
}

export function keep(key: string, value: unknown): void {
  try {
    localStorage.setItem(keyOf(key), JSON.stringify(value));
  } catch {
    // Nothing is kept where there is no room, or none is allowed.
  }
}
