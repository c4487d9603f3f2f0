/** Runs a scenario: does what its steps say, each at its instant, and looks whether what is expected is there. */
import type { BenchView } from "#quantity/bench-view.ts";
import type { LogView, MeterView, ProfileView, RegisterView } from "#quantity/meter-api.ts";
import { UnknownName } from "#headend/chosen.ts";
import type { MeterSource } from "#headend/meter-source.ts";
import { sourcesOf } from "./read-sources.ts";
import { dlmsSecrets } from "./dlms-secrets.ts";
import type { Answer, Ground } from "./scenario-ground.ts";
import {
  counted,
  detailOf,
  entriesIn,
  judged,
  NoSuchThing,
  profileIn,
  readingIn,
  registerIn,
  standsIn,
  type Found,
  type Judged,
} from "./scenario-looks.ts";
import { instantOf, type Deed, type Expectation, type Scenario, type Step } from "./scenario-schema.ts";

/** What became of one thing that was done, or expected. */
export interface Outcome {
  readonly kind: "do" | "expect";
  readonly what: string;
  readonly ok: boolean;
  /** Why it is not, or when a change counts; of an expectation what was expected and found. */
  readonly says: string;
}

export interface StepOutcome {
  /** Milliseconds of UTC. */
  readonly utc: number;
  readonly outcomes: readonly Outcome[];
}

/** What became of a scenario. */
export interface ScenarioOutcome {
  readonly file: string;
  readonly name: string;
  readonly passed: boolean;
  /** Milliseconds of real time that it took. */
  readonly tookMs: number;
  readonly steps: readonly StepOutcome[];
}

/** Hears until when is waited, and of each step when it is over. */
export interface Told {
  waits(utc: number): void;
  done(step: StepOutcome): void;
}

export async function runScenario({ steps }: Scenario, ground: Ground, told: Told): Promise<readonly StepOutcome[]> {
  const run = new Run(ground);
  const all: StepOutcome[] = [];
  for (const step of steps) {
    const utc = instantOf(step.at, ground.start);
    told.waits(utc);
    await ground.goTo(utc);
    const outcome = { utc, outcomes: await run.step(step) };
    told.done(outcome);
    all.push(outcome);
  }
  return all;
}

class Run {
  readonly #ground: Ground;

  constructor(ground: Ground) {
    this.#ground = ground;
  }

  async step({ do: does = [], expect = [] }: Step): Promise<readonly Outcome[]> {
    const outcomes: Outcome[] = [];
    for (const one of does) outcomes.push(await this.#do(one));
    for (const one of expect) outcomes.push(await this.#expect(one));
    return outcomes;
  }

  async #do(deed: Deed): Promise<Outcome> {
    const what = whatOf(deed);
    const answer = await this.#ask(deed);
    const words = wordsOf(answer);
    const isDone = answer.status < 300;
    if (deed.refused !== undefined) {
      const ok = !isDone && words.includes(deed.refused);
      const says = isDone ? "it was done, and was to be refused" : `refused, ${words}`;
      return { kind: "do", what, ok, says };
    }
    const { since } = (answer.value ?? {}) as Partial<BenchView>;
    const when = typeof since === "string" ? `from ${since} on` : "";
    return { kind: "do", what, ok: isDone, says: isDone ? when : words };
  }

  async #ask(deed: Deed): Promise<Answer> {
    const { meter = "", user, password = "" } = deed;
    const place = `meters/${encodeURIComponent(meter)}`;
    if (deed.faults !== undefined)
      return this.#ground.ask(`listeners/${deed.listener}/faults`, { method: "PUT", body: deed.faults });
    if (deed.speed !== undefined) return this.#ground.ask("clock", { method: "PUT", body: { speed: deed.speed } });
    const session = user === undefined ? undefined : await this.#logIn(place, user, password);
    if (session !== undefined && session.status >= 300) return session;
    const { token } = (session?.value ?? {}) as { readonly token?: string };
    const ask = (below: string, method: string, body?: unknown): Promise<Answer> =>
      this.#ground.ask(`${place}/${below}`, { method, body, token });
    if (deed.bench !== undefined) return ask("bench", "POST", deed.bench);
    if (deed.resetBench !== undefined) return ask("bench", "DELETE");
    if (deed.command !== undefined) return ask("commands", "POST", deed.command);
    if (deed.configure !== undefined) return ask("configuration", "PUT", deed.configure);
    return ask("readings", "POST", deed.reading);
  }

  #logIn(place: string, user: string, password: string): Promise<Answer> {
    return this.#ground.ask(`${place}/session`, { method: "POST", body: { user, password } });
  }

  async #expect(expectation: Expectation): Promise<Outcome> {
    const what = whatIsLookedAt(expectation);
    try {
      const { met, expected, found } = await this.#judge(expectation);
      const says = met ? found : `expected ${expected}, found ${found}`;
      return { kind: "expect", what, ok: met, says };
    } catch (error) {
      // Lists of all that there is are for whoever reads by hand.
      const [says = ""] = (error instanceof Error ? error.message : String(error)).split("\n");
      return { kind: "expect", what, ok: false, says };
    }
  }

  async #judge(of: Expectation): Promise<Judged> {
    const place = `meters/${encodeURIComponent(of.meter)}`;
    const { count } = of;
    if (of.reading !== undefined) {
      const name = of.reading;
      if (of.over === undefined) return judged(readingIn(await this.#view(place), name), of);
      if (of.fails !== undefined) return await this.#failing(of, name, of.fails);
      return judged(await readBy(await this.#reader(of, name)), of);
    }
    if (of.register !== undefined) {
      const { registers } = await this.#get<{ registers: readonly RegisterView[] }>(
        `${place}/registers/${of.list ?? "normal"}`,
      );
      return judged(registerIn(registers, of.register, of), of);
    }
    if (of.log !== undefined) {
      const entries = entriesIn(await this.#entries(`${place}/logs/${of.log}`), of.where);
      if (count !== undefined) return counted(entries.length, count);
      return judged(detailOf(entries.at(-1), of.detail ?? "what"), of);
    }
    if (of.profile !== undefined) {
      const found = profileIn(await this.#profile(`${place}/profiles/${of.profile}`), of);
      return count === undefined ? judged(found.value, of) : counted(found.count, count);
    }
    const view = await this.#view(place);
    if (of.condition !== undefined) {
      const wanted = of.stands ?? true;
      const stands = standsIn(view, of.condition);
      const words = (is: boolean): string => (is ? "that it stands" : "that it does not stand");
      return { met: stands === wanted, expected: words(wanted), found: words(stands) };
    }
    const contact = view.io.find(({ channel }) => channel === of.contact);
    if (contact === undefined) throw new NoSuchThing(`there is no channel ${of.contact}`);
    return count === undefined ? judged(contact.closed ? "closed" : "open", of) : counted(contact.count, count);
  }

  #view(place: string): Promise<MeterView> {
    return this.#get(place);
  }

  /** All entries of a log, page by page. */
  async #entries(place: string): Promise<LogView["entries"]> {
    const all: LogView["entries"][number][] = [];
    for (;;) {
      const from = (all.at(-1)?.sequence ?? -1) + 1;
      const { entries } = await this.#get<LogView>(`${place}?from=${from}`);
      if (entries.length === 0) return all;
      all.push(...entries);
    }
  }

  /** All records of a profile, page by page. */
  async #profile(place: string): Promise<ProfileView> {
    let whole: ProfileView | undefined;
    for (;;) {
      const page: ProfileView = await this.#get(whole === undefined ? place : `${place}?since=${whole.next}`);
      whole = { ...page, records: [...(whole?.records ?? []), ...page.records] };
      if (page.more !== true) return whole;
    }
  }

  /** Whether a reader fails, and says why: a listener that is not there is no failure of a reader. */
  async #failing(of: Expectation, name: string, words: string): Promise<Judged> {
    const expected = `that it fails, in words that have ${JSON.stringify(words)}`;
    const reader = await this.#reader(of, name);
    try {
      return { met: false, expected, found: JSON.stringify(await readBy(reader)) ?? "nothing" };
    } catch (error) {
      if (error instanceof UnknownName || !(error instanceof Error)) throw error;
      return { met: error.message.includes(words), expected, found: error.message };
    }
  }

  /** What reads over a protocol, where the meter answers at it. */
  async #reader({ meter, over = "" }: Expectation, name: string): Promise<MeterSource> {
    const { meters } = await this.#get<{
      meters: readonly { readonly name: string; readonly model: string; readonly urls: readonly string[] }[];
    }>("meters");
    const { model = "", urls = [] } = meters.find((one) => one.name === meter) ?? {};
    const url = urls.find((one) => one.startsWith(`${over}:`) || one.startsWith(`${over}+`));
    if (url === undefined)
      throw new NoSuchThing(`${meter} does not answer over ${over}; it does at ${urls.join(", ") || "nothing"}`);
    const options = { model: over === "modbus" ? [model] : [], timeoutMs: 10_000, secrets: dlmsSecrets, byName: false };
    const [source] = await sourcesOf({ urls: [url], names: [name] }, options, async () => ({
      user: undefined,
      siteUser: undefined,
    }));
    if (source === undefined) throw new NoSuchThing(`${url} cannot be read`);
    return source;
  }

  async #get<T>(place: string): Promise<T> {
    const answer = await this.#ground.ask(place);
    if (answer.status < 300) return answer.value as T;
    throw new NoSuchThing(wordsOf(answer));
  }
}

async function readBy(reader: MeterSource): Promise<Found> {
  try {
    const { parts } = await reader.read();
    const point = parts.flatMap(({ points }) => points)[0];
    const { value, scale = 1 } = point ?? {};
    return typeof value === "number" ? value * scale : value;
  } finally {
    await reader.close();
  }
}

/** What a problem says. */
function wordsOf({ value, status }: Answer): string {
  const { error } = (value ?? {}) as { readonly error?: unknown };
  return typeof error === "string" ? error : status < 300 ? "" : `HTTP status ${status}`;
}

function whatOf({ meter, bench, resetBench, command, configure, reading, faults, listener, speed }: Deed): string {
  const said: readonly (readonly [words: string, what: unknown])[] = [
    ["bench", bench],
    ["bench", resetBench && "back to what the site has"],
    ["command", command],
    ["configure", configure],
    ["reading", reading],
    [`listener ${listener}, faults`, faults],
    ["clock at speed", speed],
  ];
  const [words, what] = said.find(([, one]) => one !== undefined) ?? ["", ""];
  const text = `${words} ${typeof what === "string" ? what : JSON.stringify(what)}`;
  return meter === undefined ? text : `${meter}: ${text}`;
}

function whatIsLookedAt(of: Expectation): string {
  const counts = of.count !== undefined;
  const looks: readonly (readonly [is: unknown, words: readonly (string | undefined)[]])[] = [
    [of.reading, [of.reading, of.over && `over ${of.over}`]],
    [of.register, ["register", String(of.register), of.list && `of ${of.list}`]],
    [of.log, ["log", of.log, of.where && JSON.stringify(of.where), counts ? "entries" : (of.detail ?? "what")]],
    [
      of.profile,
      [
        `profile ${of.profile}`,
        counts ? "records" : `channel ${of.channel ?? 1}, ${of.sum === true ? "sum" : `record ${of.record ?? "last"}`}`,
        of.since && `since ${of.since}`,
        of.until && `until ${of.until}`,
      ],
    ],
    [of.condition, [`condition "${of.condition}"`]],
    [of.contact, [`contact ${of.contact}`, counts ? "count" : undefined]],
  ];
  const words = looks.find(([is]) => is !== undefined)?.[1] ?? [];
  return `${of.meter}: ${words.filter((one) => one !== undefined).join(" ")}`;
}
