/** People, and programs of theirs, who use the site over HTTP: they read, command, configure, log in and push readings. */
import type { MeterName } from "./site.ts";
import { logs, MOST_PUSHED } from "./claims.ts";
import { checkOutages, checkProfile, type RecordView } from "./intervals.ts";
import type { Change, Member } from "./oracle.ts";
import { cycle, type Deed, type Doing } from "./peers.ts";
import { hold } from "./violation.ts";
import type { World } from "./world.ts";

interface Reply {
  readonly status: number;
  readonly body: unknown;
}

/** What changes are refused with while the store is in trouble. */
const NOT_NOW = 503;

async function call(
  world: World,
  method: string,
  place: string,
  { body, token }: { readonly body?: unknown; readonly token?: string | undefined } = {},
): Promise<Reply> {
  const { process } = world;
  const text = body === undefined ? undefined : JSON.stringify(body);
  const request = new Request(`http://127.0.0.1${place}`, {
    method,
    headers: {
      Host: "127.0.0.1",
      ...(text === undefined ? {} : { "Content-Type": "application/json", "Content-Length": String(text.length) }),
      ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
    },
    ...(text === undefined ? {} : { body: text }),
  });
  const response = await process.web.fetch(request);
  const answer = await response.text();
  // What a process answers that has ended nobody hears: its last words wait for good.
  if (process.ended) await new Promise(() => {});
  world.note("http", method, place, text, response.status, answer);
  world.answered();
  return { status: response.status, body: answer === "" ? undefined : JSON.parse(answer) };
}

/** What is read, as far as it can be read now. */
async function get<T>(world: World, place: string, token?: string): Promise<T | undefined> {
  const { status, body } = await call(world, "GET", place, { token });
  if (status === NOT_NOW) {
    world.figures.add("http: a reading refused with 503");
    return undefined;
  }
  hold(status === 200, () => `GET ${place} answers ${status}: ${JSON.stringify(body)}`);
  return body as T;
}

/** Tokens of who has logged in to the process that runs. */
const tokens = new WeakMap<object, Map<string, string>>();

/** Asks for a change, and tells those who remember it what became of it; whether it was acknowledged. */
async function change(
  world: World,
  [method, place, body, token]: readonly [method: string, place: string, body: unknown, token?: string | undefined],
  changes: readonly Change<unknown>[],
): Promise<boolean> {
  const { process } = world;
  const knew = process.trouble !== undefined;
  const { status, body: answer } = await call(world, method, place, { body, token });
  const done = status === 200;
  const words = (): string => `${method} ${place} ${JSON.stringify(body)} answers ${status}: ${JSON.stringify(answer)}`;
  // Whoever was idle for minutes has to log in again.
  const isOver = token !== undefined && status === 401;
  if (isOver) tokens.delete(process);
  // Somebody else has set a password while this one's were worked on.
  const isLate =
    status === 422 && !world.isAlone && /changed meanwhile/.test(String((answer as { error?: string }).error));
  hold(done || isOver || isLate || status === NOT_NOW, words);
  hold(!done || !(knew || (world.isAlone && process.trouble !== undefined)), () => `${words()}, and can keep nothing`);
  hold(status !== NOT_NOW || world.hasCause, () => `${words()}, on a disk that is well`);
  if (!done) world.figures.add(`http: a change refused with ${status}`);
  for (const one of changes) {
    if (done) one.acknowledged();
    // Where the site itself finds out by it that it can keep nothing, it may have been done before.
    else if (isOver || isLate || knew) one.refused();
  }
  return done;
}

async function tokenOf(world: World, user: string, password: string): Promise<string | undefined> {
  const own = tokens.get(world.process) ?? new Map<string, string>();
  tokens.set(world.process, own);
  const known = own.get(`${user} ${password}`);
  if (known !== undefined) return known;
  const { status, body } = await call(world, "POST", "/api/meters/jem/session", { body: { user, password } });
  if (status !== 200) {
    hold(status === 401 || status === NOT_NOW, () => `a log-in answers ${status}: ${JSON.stringify(body)}`);
    return undefined;
  }
  const { token } = body as { token: string };
  own.set(`${user} ${password}`, token);
  return token;
}

interface RegisterView {
  readonly id: number;
  readonly value: number;
}

const readRegisters: Doing = async (world, { energies }) => {
  const found = await get<{ registers: readonly RegisterView[] }>(world, "/api/meters/jem/registers/normal");
  for (const { id, value } of found?.registers ?? []) {
    if (id === 1) energies.jem.saw(value, 0);
    if (id === 2) energies["jem 2"].saw(value, 0);
  }
};

/** What the revenue meter's clock shows, against the site's. */
const readClock: Doing = async (world, { ahead }) => {
  const found = await get<{ local: string; offsetMinutes: number }>(world, "/api/meters/jem");
  if (found === undefined) return;
  const utc = Date.parse(`${found.local.replace(" ", "T")}Z`) - 60_000 * found.offsetMinutes;
  const seconds = (utc - world.utc) / 1000;
  ahead.saw(ahead.possible.find((one) => Math.abs(one - seconds) <= CLOCK_S) ?? seconds);
};

/** How old what the clock shows may be, and what it is cut by. */
const CLOCK_S = 3.1;

const setTime: Doing = async (world, { ahead, timesSet }) => {
  const admin = await tokenOf(world, "admin", "admin");
  if (admin === undefined) return;
  const seconds = world.chance.whole(-4000, 4000);
  const utc = Temporal.Instant.fromEpochMilliseconds(Math.round(world.utc) + 1000 * seconds).toString();
  await command(world, { command: "setTime", utc }, admin, [ahead.ask(seconds), timesSet.ask()]);
};

const readView =
  (name: Exclude<MeterName, "jem">): Doing =>
  async (world, { energies }) => {
    await cycle(world);
    const found = await get<{ registers: readonly (RegisterView & { label: string })[] }>(world, `/api/meters/${name}`);
    const one = found?.registers.find(({ label }) => label === "Wh.import");
    if (one !== undefined) energies[name].saw(one.value, 0);
  };

interface EntryView {
  readonly sequence: number;
  readonly utc: string;
  readonly what: string;
  readonly by: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** An entry that repeats says how often, and when last. */
function memberOf(entry: EntryView): Member {
  const { times = 1, last: _last, ...details } = entry.details;
  const text = JSON.stringify({ ...entry, details });
  return { sequence: entry.sequence, utc: Date.parse(entry.utc), text, times: Number(times) };
}

const people: ReadonlySet<string> = new Set(["admin", "user2", "Modbus"]);

/** Which mark of people's doing stands in which log, and what those deeds are about. */
const marks = {
  freeze: ["freezes", "freeze", "freezes"],
  billingReset: ["billingResets", "billing period reset", "billing resets"],
  configuration: ["applied", "configuration applied", "configuration"],
  timeChange: ["timesSet", "time set", "time"],
  security: ["passwordsSet", "password changed", "password"],
} as const;

const readLog =
  (kind: (typeof logs)[number]): Doing =>
  async (world, claims) => {
    const admin = await tokenOf(world, "admin", "admin");
    const found = await get<{ entries: readonly EntryView[] }>(world, `/api/meters/jem/logs/${kind}`, admin);
    if (found === undefined) return;
    claims.logs[kind].saw(found.entries.map(memberOf), 0);
    if (!(kind in marks)) return;
    const [tally, words] = marks[kind as keyof typeof marks];
    const own = found.entries.filter(({ what, by }) => what === words && people.has(by));
    claims[tally].saw(own.reduce((sum, { details }) => sum + Number(details["times"] ?? 1), 0));
  };

const readFrozen: Doing = async (world, { frozen, logs: series }) => {
  const before = await get<{ entries: readonly EntryView[] }>(world, "/api/meters/jem/logs/freeze");
  const found = await get<{ registers: readonly RegisterView[] }>(world, "/api/meters/jem/registers/frozen");
  if (before === undefined || found === undefined) return;
  series.freeze.saw(before.entries.map(memberOf), 0);
  const count = (before.entries.at(-1)?.sequence ?? -1) + 1;
  const text = found.registers.map(({ id, value }) => `${id} ${value}`).join(", ");
  const known = frozen.get(count);
  hold(known === undefined || known === text, () => `of freeze ${count} the registers were ${known}, are ${text}`);
  // What is read while nothing can be kept is what is in memory.
  if (world.trouble === undefined) frozen.set(count, text);
};

const readProfile: Doing = async (world, { profile, ahead, outages }) => {
  const since = world.chance.once(3) ? 0 : Math.max(0, (profile.known.at(-1)?.sequence ?? 0) - 5);
  const found = await get<{ records: readonly RecordView[]; next: number }>(
    world,
    `/api/meters/jem/profiles/1?since=${since}`,
  );
  if (found === undefined) return;
  profile.saw(
    found.records.map((record) => ({
      sequence: record.sequence,
      utc: Date.parse(record.utc.until),
      text: JSON.stringify(record),
    })),
    since,
    found.next,
  );
  const isDoubtful = (from: number, to: number): boolean => profile.isDoubtful(from, to);
  checkProfile(found.records, isDoubtful);
  if (since === 0 && ahead.isFirst) checkOutages(found.records, outages, isDoubtful);
};

const readSelfReads: Doing = async (world, { selfReads }) => {
  const found = await get<{ selfReads: readonly { sequence: number; utc: string }[] }>(
    world,
    "/api/meters/jem/self-reads",
  );
  if (found === undefined) return;
  selfReads.saw(
    found.selfReads.map((one) => ({ sequence: one.sequence, utc: Date.parse(one.utc), text: JSON.stringify(one) })),
    0,
  );
};

interface Configuration {
  readonly identification: { readonly strings: string[] };
}

/** Which of the strings of the identification people change: what else there is in a configuration erases what was measured by it. */
const STRING = 9;

const readConfiguration: Doing = async (world, { label }) => {
  const found = await get<Configuration>(
    world,
    "/api/meters/jem/configuration",
    await tokenOf(world, "admin", "admin"),
  );
  if (found !== undefined) label.saw(found.identification.strings[STRING] ?? "");
};

const configure: Doing = async (world, { label, applied }) => {
  const admin = await tokenOf(world, "admin", "admin");
  const found = await get<Configuration>(world, "/api/meters/jem/configuration", admin);
  if (found === undefined) return;
  label.saw(found.identification.strings[STRING] ?? "");
  const text = `site ${world.chance.whole(1, 1_000_000)}`;
  found.identification.strings[STRING] = text;
  await change(world, ["PUT", "/api/meters/jem/configuration", found, admin], [label.ask(text), applied.ask()]);
};

/** A configuration that there cannot be changes nothing. */
const configureWrongly: Doing = async (world) => {
  const admin = await tokenOf(world, "admin", "admin");
  const body = world.chance.one([{ registers: 5 }, { nothing: {} }, [], { profiles: [{ minutes: 7 }] }]);
  const { status } = await call(world, "PUT", "/api/meters/jem/configuration", { body, token: admin });
  hold(
    status === 422 || status === 401 || status === NOT_NOW,
    () => `a wrong configuration is answered with ${status}`,
  );
};

const command = (
  world: World,
  body: unknown,
  token: string | undefined,
  changes: readonly Change<unknown>[],
): Promise<boolean> => change(world, ["POST", "/api/meters/jem/commands", body, token], changes);

const freeze: Doing = async (world, { freezes }) => {
  const admin = await tokenOf(world, "admin", "admin");
  if (admin !== undefined) await command(world, { command: "freeze" }, admin, [freezes.ask()]);
};

const billingReset: Doing = async (world, { billingResets }) => {
  const admin = await tokenOf(world, "admin", "admin");
  if (admin !== undefined) await command(world, { command: "billingReset" }, admin, [billingResets.ask()]);
};

const preset: Doing = async (world, { energies, flows }) => {
  const admin = await tokenOf(world, "admin", "admin");
  if (admin === undefined) return;
  const value = world.chance.whole(0, 2_000_000);
  const asked = energies["jem 2"].preset(value, flows.jem.during(4));
  await command(world, { command: "preset", register: 2, value }, admin, [asked]);
};

const setMark: Doing = async (world, { mark }) => {
  const next = world.chance.whole(1, 1000);
  await change(world, ["POST", "/api/meters/jem/marks", { reader: "r", series: "profile 1", next }], [mark.ask(next)]);
};

const readMark: Doing = async (world, { mark }) => {
  const found = await get<{ next: number }>(world, "/api/meters/jem/marks?reader=r&series=profile+1");
  if (found !== undefined) mark.saw(found.next);
};

/** Which of the passwords that it may be lets user2 in. */
const logIn: Doing = async (world, { password }) => {
  for (const one of new Set(password.possible)) {
    if ((await tokenOf(world, "user2", one)) === undefined) continue;
    return password.saw(one);
  }
  hold(false, () => `user2 is let in with none of ${password.possible.join(", ")}`);
};

const changePassword: Doing = async (world, claims) => {
  const { password, passwordsSet } = claims;
  const { possible } = password;
  if (possible.length > 1) return logIn(world, claims);
  const token = await tokenOf(world, "user2", possible[0] ?? "");
  if (token === undefined) return;
  const next = `secret ${world.chance.whole(1, 1_000_000)}`;
  const asked = [password.ask(next), passwordsSet.ask()];
  await command(world, { command: "password", password: next }, token, asked);
  // His sessions have ended with it.
  tokens.get(world.process)?.delete(`user2 ${possible[0]}`);
};

const feederSettings: Doing = async (world, { imbalance }) => {
  const value = world.chance.whole(1, 99);
  const asked = imbalance.ask(value);
  await change(world, ["PUT", "/api/meters/feeder/configuration", { phaseLossImbalance: value }], [asked]);
};

/** A program that pushes readings: they hold for a minute, by the site file. */
const push: Doing = async (world, claims) => {
  const watts = world.chance.whole(1, MOST_PUSHED / 1000) * 1000;
  claims.pushed(watts);
  const body = { volts: 250, amps: watts / 750, pf: 1 };
  const { status } = await call(world, "POST", "/api/meters/live/readings", { body });
  hold(status === 200, () => `a reading is answered with ${status}`);
};

const about = (about: string, run: Doing): Deed => ({ about, run });

/** Of a meter whose clock people set: else nobody could say when it had no power. */
export const clockSetters: readonly Deed[] = [about("time", setTime), about("time", readClock)];

/** Deeds at one meter. */
export const visitors: Readonly<Record<MeterName, readonly Deed[]>> = {
  jem: [
    about("jem energies", readRegisters),
    about("jem energies", preset),
    about("freezes", freeze),
    about("freezes", readFrozen),
    about("billing resets", billingReset),
    about("profile", readProfile),
    about("profile", readProfile),
    about("self reads", readSelfReads),
    about("configuration", readConfiguration),
    about("configuration", configure),
    about("configuration", configureWrongly),
    about("time", readClock),
    about("mark", setMark),
    about("mark", readMark),
    about("password", logIn),
    about("password", changePassword),
    ...logs.map((kind) => about(kind in marks ? marks[kind as keyof typeof marks][2] : kind, readLog(kind))),
  ],
  feeder: [about("feeder energies", readView("feeder")), about("feeder settings", feederSettings)],
  live: [about("live energies", readView("live")), about("live energies", push), about("live energies", push)],
  circuit: [about("circuit energies", readView("circuit"))],
};
