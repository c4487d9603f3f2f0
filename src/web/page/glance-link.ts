/** The site at a glance, as the page asks for it: what is searched for and how it is sorted, and the newest answer. */
import { signal, type ReadonlySignal } from "@preact/signals";
import { say } from "./language.ts";
import { glanceTexts } from "./texts/states.ts";
import type { GlanceOrder, GlanceState, OverviewView } from "#quantity/overview-view.ts";
import { request } from "./site-request.ts";

/** Meters on a page of the list. */
export const PAGE = 100;

/** Milliseconds between two looks, and after a letter until it is searched for what was typed. */
const [LOOK_MS, TYPED_MS] = [2000, 150];

export interface Asked {
  readonly search: string;
  readonly state: GlanceState | undefined;
  readonly order: GlanceOrder;
  readonly descending: boolean;
  readonly from: number;
}

export class GlanceLink {
  readonly #asked = signal<Asked>({ search: "", state: undefined, order: "file", descending: false, from: 0 });
  readonly #answer = signal<OverviewView | undefined>(undefined);
  readonly #trouble = signal<string | undefined>(undefined);
  #next: ReturnType<typeof setTimeout> | undefined;
  /** Of the question that waits for its answer. */
  #under: AbortController | undefined;
  #isOver = false;

  get asked(): ReadonlySignal<Asked> {
    return this.#asked;
  }

  get answer(): ReadonlySignal<OverviewView | undefined> {
    return this.#answer;
  }

  /** Why what is shown is not of now. */
  get trouble(): ReadonlySignal<string | undefined> {
    return this.#trouble;
  }

  /** Another question begins on its first page, unless it says which. */
  ask(change: Partial<Asked>): void {
    this.#asked.value = { ...this.#asked.value, from: 0, ...change };
    this.#after(change.search === undefined ? 0 : TYPED_MS);
  }

  begin(): void {
    this.#after(0);
  }

  end(): void {
    this.#isOver = true;
    clearTimeout(this.#next);
    this.#under?.abort();
  }

  #after(ms: number): void {
    if (this.#isOver) return;
    clearTimeout(this.#next);
    this.#next = setTimeout(() => void this.#look(), ms);
  }

  async #look(): Promise<void> {
    // Nobody sees a page that is hidden.
    if (document.hidden) return this.#after(LOOK_MS);
    this.#under?.abort();
    const under = (this.#under = new AbortController());
    const { search, state, order, descending, from } = this.#asked.value;
    const query = new URLSearchParams({
      search,
      order,
      descending: String(descending),
      from: String(from),
      most: String(PAGE),
    });
    if (state !== undefined) query.set("state", state);
    try {
      const answer = await request(`/api/v1/overview?${query.toString()}`, { signal: under.signal });
      // The session has ended: the form is what there is to see.
      if (answer.status === 401) return location.reload();
      if (!answer.ok) throw new Error(say(glanceTexts.answered, { status: answer.status }));
      const view = (await answer.json()) as OverviewView;
      this.#trouble.value = undefined;
      this.#answer.value = view;
      // Meters were removed meanwhile: the last page is another.
      if (view.from > 0 && view.from >= view.found)
        return this.ask({ from: Math.max(0, Math.floor((view.found - 1) / PAGE) * PAGE) });
    } catch (error) {
      if (under.signal.aborted) return;
      this.#trouble.value =
        error instanceof TypeError ? say(glanceTexts.noAnswer) : String(error).replace(/^Error: /, "");
    }
    this.#after(LOOK_MS);
  }
}
