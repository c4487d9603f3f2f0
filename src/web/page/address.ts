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

/**
 * Which meter an address is of: the named one, whether or not there is such a one; the only one where none is named. Undefined of the site
 * at a glance.
 */
export function meterAt(hash: string, meters: readonly { readonly name: string }[]): string | undefined {
  const named = meterIn(hash);
  if (named !== "") return named;
  return meters.length === 1 ? meters[0]?.name : undefined;
}

interface Followed {
  readonly window: Pick<EventTarget, "addEventListener">;
  readonly hash: () => string;
  readonly meters: () => readonly { readonly name: string }[];
  /** The meter that is shown; undefined where that is the site at a glance. */
  readonly shown: () => string | undefined;
  readonly show: (meter: string | undefined) => void;
}

/** Shows what each address is of that the window comes to: one that was typed, a link's, that of the page before. */
export function followAddress({ window, hash, meters, shown, show }: Followed): void {
  window.addEventListener("hashchange", () => {
    const meter = meterAt(hash(), meters());
    if (meter !== shown()) show(meter);
  });
}

/** Where the site's API is: the page asks it as every program does (docs/api.md). */
export const API = "/api/v1";
