/** What the page asks the site for while somebody adds a meter: what there is to add, whether it can be, and what a scan finds. */
import { signal, type ReadonlySignal } from "@preact/signals";
import type { AdditionsView, ScanView, SiteEditView } from "#quantity/site-edit-view.ts";
import { draftOf, emptyDraft, entryOf, isBegun, type Draft } from "./add-draft.ts";
import { API } from "./address.ts";
import { askEdit, askFor, type Edited } from "./edit-asked.ts";
import { say } from "./language.ts";
import { askSite, meters } from "./site.ts";
import { addTexts } from "./texts/add.ts";

/** Milliseconds after a letter until what was typed is checked. */
const TYPED_MS = 350;

/** What is known of the draft. */
export type Checked =
  | { readonly state: "nothing" | "checking" | "adding" }
  | { readonly state: "good"; readonly edit: SiteEditView; readonly isStale: boolean }
  | { readonly state: "wrong"; readonly problems: readonly string[] };

function checkedOf({ edit, problems }: Edited, isStale: boolean): Checked {
  return edit === undefined ? { state: "wrong", problems } : { state: "good", edit, isStale };
}

export class AddLink {
  readonly #additions = signal<AdditionsView | undefined>(undefined);
  readonly #trouble = signal<string | undefined>(undefined);
  readonly #draft = signal<Draft>(emptyDraft);
  readonly #checked = signal<Checked>({ state: "nothing" });
  readonly #scan = signal<ScanView | undefined>(undefined);
  readonly #scanTrouble = signal<string | undefined>(undefined);
  #typed: ReturnType<typeof setTimeout> | undefined;
  /** Open while something is scanned. */
  #stream: EventSource | undefined;
  /** Counts what was typed: an answer to what stood there before is none. */
  #version = 0;
  #isOver = false;

  get additions(): ReadonlySignal<AdditionsView | undefined> {
    return this.#additions;
  }

  /** Why nothing is known of what there is to add. */
  get trouble(): ReadonlySignal<string | undefined> {
    return this.#trouble;
  }

  get draft(): ReadonlySignal<Draft> {
    return this.#draft;
  }

  get checked(): ReadonlySignal<Checked> {
    return this.#checked;
  }

  get scan(): ReadonlySignal<ScanView | undefined> {
    return this.#scan;
  }

  get scanTrouble(): ReadonlySignal<string | undefined> {
    return this.#scanTrouble;
  }

  async begin(): Promise<void> {
    try {
      const { status, value } = await askFor<AdditionsView>("GET", "additions");
      if (status === 200) this.#additions.value = value;
      else this.#trouble.value = value.detail ?? String(status);
    } catch {
      this.#trouble.value = say(addTexts.noAnswer);
    }
    void this.#look();
  }

  end(): void {
    this.#isOver = true;
    clearTimeout(this.#typed);
    this.#follow(false);
  }

  type(change: Partial<Draft>): void {
    this.#draft.value = { ...this.#draft.value, ...change };
    this.#soon(TYPED_MS);
  }

  /** What a scan has found is what is to be added. */
  take(found: ScanView["found"][number]): void {
    this.#draft.value = draftOf(found, new Set(meters.value.map(({ name }) => name)));
    this.#soon(0);
  }

  #soon(ms: number): void {
    this.#version++;
    clearTimeout(this.#typed);
    if (this.#isOver) return;
    this.#checked.value = { state: isBegun(this.#draft.value) ? "checking" : "nothing" };
    if (isBegun(this.#draft.value)) this.#typed = setTimeout(() => void this.#check(false), ms);
  }

  #entry(): unknown {
    return entryOf(this.#draft.value, this.#additions.value?.listeners ?? []);
  }

  async #check(isStale: boolean): Promise<void> {
    const version = this.#version;
    const edited = await askEdit("POST", "meters?check", { body: this.#entry() });
    if (version === this.#version && !this.#isOver) this.#checked.value = checkedOf(edited, isStale);
  }

  /** Adds what was checked, to the file that it was checked against; the name of the meter once it is there. */
  async add(): Promise<string | undefined> {
    const checked = this.#checked.value;
    if (checked.state !== "good") return undefined;
    const { name } = this.#draft.value;
    this.#checked.value = { state: "adding" };
    const edited = await askEdit("POST", "meters", { body: this.#entry(), tag: checked.edit.tag });
    if (edited.isStale) return void (await this.#check(true));
    if (edited.edit === undefined) return void (this.#checked.value = checkedOf(edited, false));
    await askSite();
    return name;
  }

  async look(url: string, from: string, to: string): Promise<void> {
    await this.#tell("PUT", { url: url.trim(), from: Number(from), to: Number(to) });
  }

  async stop(): Promise<void> {
    await this.#tell("DELETE");
  }

  async #tell(method: string, body?: unknown): Promise<void> {
    this.#scanTrouble.value = undefined;
    try {
      const { status, value } = await askFor<object>(method, "scan", { body });
      if (status !== 200) this.#scanTrouble.value = value.detail ?? String(status);
    } catch {
      this.#scanTrouble.value = say(addTexts.noAnswer);
    }
    void this.#look();
  }

  async #look(): Promise<void> {
    try {
      const { status, value } = await askFor<ScanView>("GET", "scan");
      if (status === 200) this.#take(value);
    } catch {
      this.#scanTrouble.value = say(addTexts.noAnswer);
    }
  }

  #take(view: ScanView): void {
    if (this.#isOver) return;
    this.#scan.value = view;
    this.#follow(view.state === "running");
  }

  /** What is found comes by itself; a stream that broke is opened again by the browser. */
  #follow(isRunning: boolean): void {
    if (isRunning === (this.#stream !== undefined)) return;
    this.#stream?.close();
    this.#stream = isRunning ? new EventSource(`${API}/scan/live`) : undefined;
    this.#stream?.addEventListener("message", ({ data }: MessageEvent<string>) =>
      this.#take(JSON.parse(data) as ScanView),
    );
  }
}
