/** Who has an editor of a meter's configuration open, so that others see it. Nothing is locked; who says nothing any more is gone. */
import { limits } from "#quantity/limits.ts";

export interface Editing {
  /** Who it is to the site: a user, or where he is. */
  readonly who: string;
  readonly user: string | null;
  readonly meterUser?: string | undefined;
  readonly near: boolean;
}

interface Open extends Editing {
  readonly meter: string;
  /** An instant of UTC. */
  readonly since: number;
  /** When it was heard of last, of people's time. */
  heard: number;
}

/** By people's own clock. */
export interface Now {
  readonly utc: number;
  readonly elapsed: number;
}

export class Editors {
  /** By meter, who and word; who was heard of longest ago comes first. */
  readonly #open = new Map<string, Open>();

  #sweep({ elapsed }: Now): void {
    for (const [key, { heard }] of this.#open) {
      if (elapsed - heard < limits.web.editorMs) return;
      this.#open.delete(key);
    }
  }

  /** It is open, or closed. One that has too many loses his oldest, and so does everybody together. */
  say(meter: string, word: string, { open, ...editing }: Editing & { readonly open: boolean }, now: Now): void {
    this.#sweep(now);
    const key = keyOf(meter, editing.who, word);
    const before = this.#open.get(key);
    this.#open.delete(key);
    if (!open) return;
    this.#open.set(key, { ...editing, meter, since: before?.since ?? now.utc, heard: now.elapsed });
    this.#drop(limits.web.editorsOfOne, (one) => one.who === editing.who);
    this.#drop(limits.web.editors, () => true);
  }

  #drop(most: number, is: (one: Open) => boolean): void {
    const those = [...this.#open].filter(([, one]) => is(one));
    for (const [key] of those.slice(0, Math.max(0, those.length - most))) this.#open.delete(key);
  }

  /** Of a meter, who has been there longest first; `word` tells which of them is the one of `who`. */
  of(
    meter: string,
    now: Now,
    you?: { readonly who: string; readonly word: string },
  ): readonly (Open & { you: boolean })[] {
    this.#sweep(now);
    const yours = you === undefined ? undefined : keyOf(meter, you.who, you.word);
    return [...this.#open]
      .flatMap(([key, one]) => (one.meter === meter ? [{ ...one, you: key === yours }] : []))
      .toSorted((a, b) => a.since - b.since);
  }
}

function keyOf(meter: string, who: string, word: string): string {
  return JSON.stringify([meter, who, word]);
}
