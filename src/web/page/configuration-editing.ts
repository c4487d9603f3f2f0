/**
 * A meter's configuration as somebody edits it: the meter's own, the draft laid over it, what the meter says to that before anything is applied, and what
 * has become of applying it. Nothing is lost by what goes wrong: the draft stays.
 */
import { batch, computed, signal } from "@preact/signals";
import {
  ask,
  isDone,
  wordsOf,
  type Answered,
  type Asked,
  type SuggestedRoom,
  type SuggestedValue,
} from "./configuration-answers.ts";
import { changesOf, decided, leftOf, merged, takenBack, type Change, type Conflict } from "./configuration-draft.ts";
import { keepDraft, keptDraft } from "./configuration-kept.ts";
import { unchanged, wrongOf, type Checked, type Outcome, type State } from "./configuration-checked.ts";
import { keysOf, shapeOf, withoutSecrets, type Shape } from "./configuration-shape.ts";
import { isSame, pathOf, withValue, type Json, type Path } from "./configuration-value.ts";
import { wantLogIn, whenForgotten } from "./meter-session.ts";
import { askVisitor, visitor } from "./site.ts";
import { noteDraft } from "./unsaved.ts";

/** Milliseconds without another edit until the meter is asked what it says to the draft. */
const CHECK_MS = 350;

const shelf = sessionStorage;

export class ConfigurationEditing {
  readonly meter: string;
  readonly state = signal<State>("loading");
  /** Why it may not be read. */
  readonly barred = signal<readonly string[]>([]);
  readonly shape = signal<Shape>({});
  readonly base = signal<Json>({});
  readonly mine = signal<Json>({});
  readonly checked = signal<Checked>(unchanged);
  readonly values = signal<readonly SuggestedValue[]>([]);
  readonly room = signal<readonly SuggestedRoom[]>([]);
  readonly outcome = signal<Outcome | undefined>(undefined);
  readonly conflicts = signal<readonly Conflict[]>([]);
  /** What others have changed while this draft was made. */
  readonly others = signal<readonly Change[]>([]);
  readonly isBusy = signal(false);
  readonly changes = computed(() => changesOf(this.base.value, this.mine.value));
  readonly differs = computed(() => !isSame(this.base.value, this.mine.value));
  readonly isKeptBefore = signal(false);
  /** The value that somebody looks for: what it stands in is open. */
  readonly sought = signal<Path | undefined>(undefined);

  #tag: string | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asked = 0;

  constructor(meter: string) {
    this.meter = meter;
  }

  ask(path: string, asked: Asked = {}): Promise<Answered> {
    return ask(this.meter, path, asked);
  }

  get #who(): string {
    return visitor.value?.user ?? "";
  }

  async load(): Promise<void> {
    if (this.state.value === "ready" && !this.#mayLay) return;
    const [schema, read] = await Promise.all([this.ask("/configuration/schema"), this.ask("/configuration")]);
    if (!isDone(read)) return this.#notRead(read);
    const described = isDone(schema) ? (schema.value as Shape) : shapeOf(read.value);
    if (keysOf(described, read.value).length === 0) {
      this.state.value = "none";
      return;
    }
    const kept = this.state.value === "ready" ? undefined : keptDraft(shelf, this.meter, this.#who);
    batch(() => {
      this.shape.value = described;
      if (kept !== undefined) {
        this.base.value = kept.base;
        this.mine.value = kept.mine;
        this.isKeptBefore.value = true;
      } else if (this.state.value !== "ready") {
        this.base.value = read.value;
        this.mine.value = read.value;
      }
      this.state.value = "ready";
      this.#lay(read);
    });
    this.#check();
  }

  #notRead(read: Answered): void {
    const { status, said } = read;
    // What has been read stays, and so does what was made of it.
    if (this.state.value === "ready") return void this.#isOfSite(read);
    // Who has to log in to the meter is shown none of it: it is loaded when he has.
    if (status === 401 && said.refused === "session") return;
    if (this.#isOfSite(read)) return;
    this.barred.value = status === 403 ? wordsOf(read) : [];
    this.state.value = status === 0 ? "lost" : status === 403 ? "barred" : "none";
  }

  /** Whether the session with the site has ended: then the page goes, and the draft is there when somebody has logged in again. */
  #isOfSite({ status, said }: Answered): boolean {
    if (status !== 401 || said.refused === "session") return false;
    void askVisitor().catch(() => undefined);
    return true;
  }

  /** Lays the draft over what the meter has now. */
  #lay({ value: theirs, tag }: Answered): void {
    const before = this.base.value;
    const together = merged(before, this.mine.value, theirs);
    if (this.differs.value) {
      const news = changesOf(before, theirs);
      if (news.length > 0) this.others.value = news;
      this.conflicts.value = together.conflicts;
    }
    this.base.value = theirs;
    this.mine.value = together.value ?? theirs;
    this.#tag = tag;
    this.#keep();
  }

  #keep(): void {
    const differs = this.differs.value;
    const [base, mine] = [this.base.value, this.mine.value].map((one) => withoutSecrets(this.shape.value, one));
    const draft =
      differs && base !== undefined && mine !== undefined && this.#tag !== undefined
        ? { user: this.#who, tag: this.#tag, base, mine }
        : undefined;
    keepDraft(shelf, this.meter, draft);
    noteDraft(this.meter, differs);
    if (!differs) this.isKeptBefore.value = false;
  }

  /** Puts a value into the draft; undefined takes it out. */
  edit(path: Path, value: Json | undefined): void {
    this.replace(withValue(this.mine.value, path, value) ?? {});
  }

  /** Another draft as a whole. */
  replace(mine: Json): void {
    batch(() => {
      this.mine.value = mine;
      this.outcome.value = undefined;
      this.#keep();
      this.checked.value = { ...this.checked.value, state: this.differs.value ? "asking" : "unchanged" };
    });
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#check(), CHECK_MS);
  }

  takeBack(change: Change): void {
    this.replace(takenBack(this.mine.value, change));
  }

  discard(): void {
    batch(() => {
      this.conflicts.value = [];
      this.others.value = [];
      this.replace(this.base.value);
    });
  }

  decide(conflict: Conflict, whose: "mine" | "theirs"): void {
    batch(() => {
      this.conflicts.value = leftOf(this.conflicts.value, conflict, whose);
      this.replace(decided(this.mine.value, conflict, whose));
    });
  }

  seenOthers(): void {
    this.others.value = [];
  }

  /** While somebody decides between two values neither becomes another. */
  get #mayLay(): boolean {
    return this.state.value === "ready" && !this.isBusy.value && this.conflicts.value.length === 0;
  }

  /** What the meter has now, where others may have changed it: nobody has asked for that. */
  async refresh(): Promise<void> {
    if (this.#mayLay) this.#layNew(await this.ask("/configuration"));
  }

  #layNew(read: Answered): void {
    if (!isDone(read) || read.tag === this.#tag || !this.#mayLay) return;
    batch(() => this.#lay(read));
    this.#check();
  }

  #check(): void {
    clearTimeout(this.#timer);
    void this.#askCheck();
  }

  async #askCheck(): Promise<void> {
    const number = ++this.#asked;
    const mine = this.mine.value;
    const answer = await this.ask("/configuration?check", { method: "PUT", body: mine, tag: this.#tag });
    // Another draft has been asked about since.
    if (number !== this.#asked) return;
    if (answer.status === 412) return this.#anew();
    if (this.#isOfSite(answer)) return;
    batch(() => {
      const { suggestions, consequences = [] } = answer.said;
      if (suggestions !== undefined) {
        this.values.value = suggestions.values;
        this.room.value = suggestions.room;
      }
      if (!this.differs.value) this.checked.value = unchanged;
      else if (isDone(answer)) this.checked.value = { ...unchanged, state: "right", consequences };
      else if (answer.status === 422) this.checked.value = wrongOf(answer, mine);
      else
        this.checked.value = { ...unchanged, state: answer.status === 0 ? "lost" : "barred", words: wordsOf(answer) };
    });
  }

  /** Reads what others have made of it, and lays the draft over that, once nobody has to decide any more. */
  async #anew(): Promise<void> {
    if (this.conflicts.value.length > 0) return;
    const read = await this.ask("/configuration");
    if (!isDone(read) || read.tag === this.#tag) return;
    batch(() => this.#lay(read));
    await this.#askCheck();
  }

  /** Applies the draft: what does not differ is not sent. */
  async apply(): Promise<void> {
    if (!this.differs.value || this.isBusy.value || this.conflicts.value.length > 0) return;
    this.isBusy.value = true;
    const sent = this.mine.value;
    const answer = await this.ask("/configuration", { method: "PUT", body: sent, tag: this.#tag });
    if (isDone(answer)) await this.#applied(sent, answer.said.consequences ?? []);
    else await this.#refused(answer, () => this.apply());
    this.isBusy.value = false;
  }

  async #applied(sent: Json, consequences: readonly string[]): Promise<void> {
    const read = await this.ask("/configuration");
    batch(() => {
      this.outcome.value = { kind: "applied", words: consequences };
      this.others.value = [];
      this.base.value = sent;
      if (isDone(read)) {
        // Secrets that were sent are not shown again.
        if (isSame(this.mine.value, sent)) this.mine.value = read.value;
        this.base.value = isSame(this.mine.value, read.value) ? read.value : sent;
        this.#lay(read);
      }
      this.checked.value = unchanged;
    });
    this.#check();
  }

  async #refused(answer: Answered, again: () => Promise<void>): Promise<void> {
    const { status, said } = answer;
    if (status === 412) return this.#anew();
    if (status === 401 && said.refused === "session") return wantLogIn({ why: "needed", goOn: again });
    if (this.#isOfSite(answer)) return;
    if (status === 422) this.checked.value = wrongOf(answer, this.mine.value);
    this.outcome.value = status === 0 ? { kind: "lost", words: [] } : { kind: "refused", words: wordsOf(answer) };
  }

  /** A change that is none of the draft's: undoing, a file of firmware. It waits for somebody to log in where it takes that; undefined where it is refused. */
  async tell(path: string, asked: Asked): Promise<Answered | undefined> {
    this.isBusy.value = true;
    const answer = await this.ask(path, asked);
    this.isBusy.value = false;
    if (isDone(answer)) return answer;
    if (answer.status !== 401 || answer.said.refused !== "session") {
      await this.#refused(answer, () => Promise.resolve());
      return undefined;
    }
    return new Promise((done) => {
      const goOn = async (): Promise<void> => done(await this.tell(path, asked));
      wantLogIn({ why: "needed", goOn, givenUp: () => done(undefined) });
    });
  }

  /** It is nobody's any more. */
  forget(): void {
    clearTimeout(this.#timer);
    noteDraft(this.meter, false);
  }

  /** Takes back what was applied; what there is then, the draft is laid over. */
  async undo(body: { readonly entry: number }): Promise<boolean> {
    const answer = await this.tell("/configuration/undo", { method: "POST", body, tag: this.#tag });
    if (answer === undefined) return false;
    this.#layNew(await this.ask("/configuration"));
    this.outcome.value = { kind: "applied", words: answer.said.consequences ?? [] };
    return true;
  }

  /** What the meter suggests for a value. */
  suggestionFor(path: Path): SuggestedValue | undefined {
    return this.values.value.find(({ key }) => isSame(pathOf(key, this.mine.value) as Json | undefined, path as Json));
  }
}

const all = new Map<string, ConfigurationEditing>();

/** That of a meter: a draft stays while somebody looks at something else. */
export function editingOf(meter: string): ConfigurationEditing {
  const editing = all.get(meter) ?? new ConfigurationEditing(meter);
  all.set(meter, editing);
  return editing;
}

whenForgotten((meter) => {
  editingOf(meter).forget();
  all.delete(meter);
});
