/** The meter that the page's address names, behind its "#". */

/** "half" of "#half"; empty where the address names none. What is no text in percent signs is taken as it stands. */
export function meterIn(hash: string): string {
  const named = hash.slice(1);
  try {
    return decodeURIComponent(named);
  } catch {
    return named;
  }
}

/** What names a meter behind the "#". */
export function hashOf(meter: string): string {
  return encodeURIComponent(meter);
}

/** Which meter an address is of: the named one, whether or not there is such a one; the first where none is named. */
export function meterAt(hash: string, meters: readonly { readonly name: string }[]): string | undefined {
  const named = meterIn(hash);
  return named === "" ? meters[0]?.name : named;
}

interface Followed {
  readonly window: Pick<EventTarget, "addEventListener">;
  readonly hash: () => string;
  readonly meters: () => readonly { readonly name: string }[];
  /** The meter that is shown. */
  readonly shown: () => string;
  readonly show: (meter: string) => void;
}

/** Shows the meter of each address that the window comes to: one that was typed, a link's, that of the page before. */
export function followAddress({ window, hash, meters, shown, show }: Followed): void {
  window.addEventListener("hashchange", () => {
    const meter = meterAt(hash(), meters());
    if (meter !== undefined && meter !== shown()) show(meter);
  });
}
