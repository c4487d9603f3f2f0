/**
 * What those who follow a meter are told at one heartbeat, made and written once for all of them: fifty pages cost little more than one. It is
 * forgotten at the end of the turn in which it was made, so that nobody is told what was so before something else happened.
 */
import { setImmediate } from "node:timers";
import type { LiveView } from "#quantity/meter-api.ts";

/** JSON that is written already. */
export class Written {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

interface Made {
  readonly view: LiveView;
  /** Where the meter's logs and profiles had come to. */
  readonly id: string;
  readonly texts: Map<boolean, Written>;
}

export class SharedView {
  #made: Made | undefined;

  /** The view of this turn; `make` makes it where nobody has. */
  made(make: () => Pick<Made, "view" | "id">): Made {
    if (this.#made !== undefined) return this.#made;
    const made = { ...make(), texts: new Map<boolean, Written>() };
    this.#made = made;
    setImmediate(() => this.forget());
    return made;
  }

  forget(): void {
    this.#made = undefined;
  }
}

/** The text of a view, with its waveforms or without. */
export function textOf({ view, texts }: Made, withWaveforms: boolean): Written {
  let text = texts.get(withWaveforms);
  if (text === undefined) {
    const { waveforms, ...rest } = view;
    text = new Written(JSON.stringify(withWaveforms && waveforms !== undefined ? { ...rest, waveforms } : rest));
    texts.set(withWaveforms, text);
  }
  return text;
}
