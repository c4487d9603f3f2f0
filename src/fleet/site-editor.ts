/**
 * The site file changed while its site runs: checked against the site as it is, written whole or not at all, and taken up by a reload.
 * What somebody else has written meanwhile is never written over, and what cannot be taken up is taken back.
 */
import { changeText, unwritable } from "#io/draft.ts";
import { folderOf, readFile } from "#io/file.ts";
import { fileTag } from "#io/file-tag.ts";
import { FileError } from "#product/file-error.ts";
import { same } from "#quantity/same.ts";
import type { DifferenceLine } from "#quantity/site-edit-view.ts";
import { MemoryStore } from "#store/store.ts";
import type { Carriers } from "#fleet/protocols/carriers.ts";
import type { Listening } from "#fleet/protocols/protocol.ts";
import { entriesOf, install, keyIn, type Entry, type Installed, type Premises } from "./installed.ts";
import { differenceOf } from "./line-difference.ts";
import { Listeners } from "./listeners.ts";
import { namedFileProblems } from "./named-files.ts";
import { parseSite } from "./site-file.ts";
import type { SiteFile } from "./site-schema.ts";
import { edited, EditRefused, type SiteEdit } from "./site-text.ts";

/** What an editor knows of the site that it belongs to. */
export interface EditedSite {
  readonly premises: Premises;
  readonly carriers: Carriers | undefined;
  readonly described: () => SiteFile;
  readonly installed: () => readonly Installed[];
  readonly reload: () => Promise<{ readonly refused?: string | undefined; readonly changes: readonly string[] }>;
}

export interface EditAsked {
  readonly edit: SiteEdit;
  /** What the file was when whoever asks looked at it; whatever it is unless said. */
  readonly tag?: string | undefined;
  /** Nothing is changed: only what would come of it is said. */
  readonly check: boolean;
}

export type EditOutcome =
  | {
      readonly kind: "done";
      /** Of the file as it is now. */
      readonly tag: string;
      readonly difference: readonly DifferenceLine[];
      /** What a reload has changed, in words; nothing of what was only checked. */
      readonly changes: readonly string[];
      /** What whoever asks should know besides. */
      readonly notes: readonly string[];
    }
  /** Somebody else has changed the file. */
  | { readonly kind: "stale"; readonly words: string }
  /** Key by key; those of the meter by its own keys. */
  | { readonly kind: "wrong"; readonly problems: readonly string[] }
  /** The file cannot be written. */
  | { readonly kind: "barred"; readonly words: string };

class Stale extends Error {}

export class SiteEditor {
  readonly #site: EditedSite;
  /** One after the other. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(site: EditedSite) {
    this.#site = site;
  }

  get #file(): string {
    return this.#site.premises.file;
  }

  /** What the file is now, and why it cannot be changed, where it cannot. Throws an Error that names it and says why it cannot be read. */
  look(): { readonly tag: string; readonly file: string; readonly barred?: string | undefined } {
    return { file: this.#file, tag: tagOf(textOf(this.#file)), barred: unwritable(this.#file) };
  }

  /** Never rejects. */
  async ask(asked: EditAsked): Promise<EditOutcome> {
    const own = this.#last.then(() => this.#ask(asked));
    this.#last = own;
    return own;
  }

  async #ask({ edit, tag, check }: EditAsked): Promise<EditOutcome> {
    const file = this.#file;
    let key = "";
    try {
      const text = textOf(file);
      if (tag !== undefined && tag !== tagOf(text)) throw new Stale();
      const found = edited(file, text, edit);
      const next = found.text;
      ({ key } = found);
      const described = parseSite(file, next, this.#site.premises.products);
      const name = "add" in edit ? String(edit.add["name"]) : "remove" in edit ? edit.remove : edit.change;
      const problems = "remove" in edit ? [] : await this.#problems(described, name);
      const barred = unwritable(file);
      if (problems.length > 0) return { kind: "wrong", problems: ofMeter(problems, key) };
      if (barred !== undefined) return { kind: "barred", words: `${barred}: it cannot be changed from here` };
      const notes = [...this.#besides(text), ...("remove" in edit ? [this.#left(name)] : [])];
      const difference = differenceOf(text, next);
      if (check) return { kind: "done", tag: tagOf(text), difference, changes: [], notes };
      await put(file, text, next);
      const { refused, changes } = await this.#site.reload();
      if (refused === undefined) return { kind: "done", tag: tagOf(next), difference, changes, notes };
      await put(file, next, text);
      return { kind: "wrong", problems: [refused] };
    } catch (error) {
      return outcomeOf(error, file, key);
    }
  }

  /** What is wrong with a meter where it is to stand: it is made, and what it listens on is opened, and all of that is let go again. */
  async #problems(described: SiteFile, name: string): Promise<readonly string[]> {
    const { premises, carriers } = this.#site;
    const key = keyIn(described)(name);
    const wrong = namedFileProblems(described, { folder: folderOf(premises.file), over: carriers });
    if (wrong.length > 0) return wrong;
    const entry = entriesOf(described).find((one) => one.entry.name === name);
    if (entry === undefined) return [];
    try {
      // What somebody only types leaves nothing in the store.
      const { listening } = install(entry, { ...premises, store: new MemoryStore() });
      await this.#tryListening(entry, listening, keyIn(described));
      return [];
    } catch (error) {
      if (error instanceof FileError) return error.problems;
      const words = error instanceof Error ? error.message : String(error);
      return [words.startsWith(`${name}: `) ? `${key}.${words.slice(name.length + 2)}` : words];
    }
  }

  async #tryListening(entry: Entry, listening: Listening, keyOf: (name: string) => string): Promise<void> {
    const { premises, carriers } = this.#site;
    const others = this.#site.installed().filter(({ made }) => made.entry.name !== entry.entry.name);
    const open = new Set(this.#site.installed().flatMap((one) => one.listening.listen.map(({ place }) => place)));
    const places = new Set(listening.listen.map(({ place }) => place));
    const around = { clock: premises.real, folder: folderOf(premises.file), carriers };
    // Whether those who share a place can be told apart.
    const sharing = others
      .map((one) => one.listening)
      .filter(({ listen }) => listen.some(({ place }) => place !== undefined && places.has(place)));
    new Listeners(around).plan([...sharing, listening], keyOf);
    const fresh = listening.listen.map((one, k) => ({ one, k })).filter(({ one }) => !open.has(one.place));
    const trial = new Listeners(around);
    for (const { one, k } of fresh) {
      try {
        await trial.open([{ ...listening, listen: [one] }], keyOf);
      } catch (error) {
        if (!(error instanceof Error)) throw error;
        // A trial of one calls it the first.
        throw new Error(error.message.replace("listen[0]", `listen[${k}]`), { cause: error });
      }
      await trial.close();
    }
  }

  /** That the file says otherwise already than the site runs: that is taken up, too. */
  #besides(text: string): readonly string[] {
    const { premises, described } = this.#site;
    try {
      if (same(parseSite(premises.file, text, premises.products), described())) return [];
      return [`${premises.file} has been changed since it was read: that is taken up, too`];
    } catch (error) {
      return [`as it is, the file is not valid: ${error instanceof Error ? error.message : String(error)}`];
    }
  }

  /** What becomes of what a meter knows when it is taken out. */
  #left(name: string): string {
    const { store } = this.#site.premises;
    const one = this.#site.installed().find(({ made }) => made.entry.name === name);
    if (one?.drawer === undefined) return `${name} keeps nothing here`;
    return `what ${name} knows stays in the store (${store.place}): a meter that is called so later goes on with it`;
  }
}

function textOf(file: string): string {
  const bytes = readFile(file);
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    throw new EditRefused(`${file} is not UTF-8: it cannot be changed from here`, { cause: error });
  }
}

function tagOf(text: string): string {
  return fileTag(new TextEncoder().encode(text));
}

/** Puts a text in place of what stands there, which has to be what it was. */
async function put(file: string, before: string, after: string): Promise<void> {
  await changeText(file, (there) => {
    if (there !== before) throw new Stale();
    return after;
  });
}

/** Problems of a meter begin with its own keys: whoever asks has no other. */
function ofMeter(problems: readonly string[], key: string): readonly string[] {
  return problems.map((one) => (one.startsWith(`${key}.`) ? one.slice(key.length + 1) : one));
}

function outcomeOf(error: unknown, file: string, key: string): EditOutcome {
  if (error instanceof Stale)
    return { kind: "stale", words: `${file} has been changed since it was read: read it again` };
  if (error instanceof FileError) return { kind: "wrong", problems: ofMeter(error.problems, key) };
  const words = error instanceof Error ? error.message : String(error);
  return error instanceof EditRefused ? { kind: "wrong", problems: [words] } : { kind: "barred", words };
}
