/** What the page's address names behind its "#": a meter and a section of it, or a section of the site. */

/** A section of a meter, or of the site where no meter is named. The first section of each has the name "". */
export interface Place {
  readonly meter: string | undefined;
  readonly section: string;
}

/** Sections that there are. */
export interface Sections {
  readonly ofMeter: readonly string[];
  readonly ofSite: readonly string[];
}

/** "half" of "half"; what is no text in percent signs is taken as it stands. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** "#half/profile", "#half", "#/traffic"; "#/" is the site at a glance. */
export function hashOf({ meter, section }: Place): string {
  if (meter === undefined) return `#/${section}`;
  return `#${encodeURIComponent(meter)}${section === "" ? "" : `/${section}`}`;
}

/**
 * What an address is of. Without a name it is the only meter, or the site at a glance. A named meter is named whether or not there is such a one; what
 * follows its last "/" is a section where there is one of that name, and part of the name otherwise.
 */
export function placeAt(hash: string, meters: readonly { readonly name: string }[], sections: Sections): Place {
  const named = hash.slice(1);
  const first = { section: "" };
  if (named === "") return { meter: meters.length === 1 ? meters[0]?.name : undefined, ...first };
  if (named === "/") return { meter: undefined, ...first };
  const whole = decoded(named);
  if (meters.some(({ name }) => name === whole)) return { meter: whole, ...first };
  const at = named.lastIndexOf("/");
  const [front, section] = [named.slice(0, Math.max(at, 0)), named.slice(at + 1)];
  if (at === 0 && sections.ofSite.includes(section)) return { meter: undefined, section };
  if (at > 0 && sections.ofMeter.includes(section)) return { meter: decoded(front), section };
  return { meter: whole, ...first };
}

export function isSamePlace(one: Place, other: Place): boolean {
  return one.meter === other.meter && one.section === other.section;
}

interface Followed {
  readonly window: Pick<EventTarget, "addEventListener">;
  /** What the address is of now. */
  readonly place: () => Place;
  readonly shown: () => Place;
  readonly show: (place: Place) => void;
}

/** Shows what each address is of that the window comes to: one that was typed, a link's, that of the page before. */
export function followAddress({ window, place, shown, show }: Followed): void {
  window.addEventListener("hashchange", () => {
    const next = place();
    if (!isSamePlace(next, shown())) show(next);
  });
}

/** Where the site's API is: the page asks it as every program does (docs/api.md). */
export const API = "/api/v1";
