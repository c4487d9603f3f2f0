import type { Command } from "commander";
import { onEnd } from "./ended.ts";
import { once, readOnBeat, type Beat } from "#headend/beat.ts";
import { UnknownName } from "#headend/chosen.ts";
import { siteUrlForm } from "#headend/site-url.ts";
import { INTERVAL, intervalMs } from "#headend/interval.ts";
import type { MeterSource, Reading } from "#headend/meter-source.ts";
import { realClock } from "#headend/real-clock.ts";
import { lists } from "#quantity/register.ts";
import { credentialsOf, PASSWORDS_HELP, readingUser, siteUser, type Asking } from "./credentials.ts";
import { dlmsSecrets, KEYS_HELP } from "./dlms-secrets.ts";
import { asFailure, Failure } from "./failure.ts";
import { maxRegistersOf, maxRegistersOption } from "./max-registers.ts";
import { csvOption } from "./print.ts";
import { formOf, isByName, type Form, type FormOptions } from "./read-forms.ts";
import { readingWords } from "./reading-words.ts";
import { siteIn, sourcesOf } from "./read-sources.ts";
import { listMeters, inWords } from "./site-meter.ts";
import { complain, note, progress, progressDone } from "./terminal.ts";

interface Options extends Asking, FormOptions {
  readonly model?: readonly string[];
  readonly list?: string;
  readonly maxRegisters?: string;
  readonly timeout: string;
  readonly swapWords?: true;
  readonly configuration?: string;
  readonly modelNumber?: string;
  readonly watch?: true;
  readonly interval?: string;
  readonly count?: string;
}

const HELP = `
Words with a scheme are meters, the others are names of what is wanted, like V.a, W or Wh.import: only that is read, with the
fewest requests, and printed in that order, in the unit that its name says. What a meter has, it prints where nothing is named.

For example:
  npx polyphase read modbus://127.0.0.1:1502/1 --model leviton-s4100
  npx polyphase read modbus://127.0.0.1:1502/1 --model leviton-s4100 V.a W Wh.import
  npx polyphase read modbus://127.0.0.1:1502/1 --model leviton-s4100 W --watch --interval 1s
  npx polyphase read modbus://127.0.0.1:1502/1 --model leviton-s4100 V.a W --csv --interval 1m --count 60 >> hour.csv
  npx polyphase read dlms://192.0.2.7:4059                        a DLMS/COSEM meter tells itself what it has
  npx polyphase read 'dlms://192.0.2.7?client=1&auth=low' Wh.import 1.0.32.7.0.255
  npx polyphase read dnp3://192.0.2.7:20000/1                     an outstation of DNP3 says which points it has
  npx polyphase read dnp3://192.0.2.7/1 counters 'analogs 0-3'    counters and analogs of some numbers; frozen, binaries, class 1, events
  npx polyphase read mms://127.0.0.1:1102/JEM01 W MMXU1.TotW.mag.f  a server of IEC 61850: by name, or by reference
  npx polyphase read http://127.0.0.1:8080                        say which meters a site has
  npx polyphase read http://127.0.0.1:8080/#feeder-1 W            read one of them, whatever it is
`;

function collected(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

export function addRead(program: Command): void {
  program
    .command("read")
    .description("read running meters: everything that they have, or what is named; once, or again and again")
    .argument(
      "<url>",
      `a meter: ${siteUrlForm}, a page's http://host:port/#NAME, or by a protocol (npx polyphase models)`,
    )
    .argument("[words...]", "more meters, and names of what is wanted")
    .option(
      "--model <name>",
      "which model it is (see: npx polyphase models); one for all meters, or one for each in their order; not for http://, dlms://, dnp3:// and mms://",
      collected,
    )
    .option("--watch", "read again and again until Ctrl-C; on a terminal the newest values stay in place")
    .option("--interval <time>", "how often, like 500ms, 5s, 1m or 1h; watches (5s unless said)")
    .option("--count <n>", "end after so many readings of each meter; watches")
    .option(...csvOption)
    .option("--line-protocol", "InfluxDB's line protocol")
    .option("--json", "one JSON document, for programs; a document a line where it watches")
    .option("--list <name>", "of a revenue meter: normal, alternate, test or frozen; normal and alternate unless said")
    .option(
      "--configuration <file>",
      'of a revenue meter over Modbus or DNP3: what its registers and points are, or "factory"; over DNP3 a device profile, too',
    )
    .option("--model-number <number>", "of a revenue meter over Modbus or DNP3: what was ordered")
    .option(...readingUser)
    .option(...siteUser)
    .option("--swap-words", "values of two registers have their words the other way round")
    .option(...maxRegistersOption)
    .option("--timeout <ms>", "how long to wait for each answer", "2000")
    .addHelpText("after", HELP + PASSWORDS_HELP + KEYS_HELP)
    .action((url: string, words: readonly string[], options: Options) => read([url, ...words], options));
}

/** The lists that can be read. */
const readable: readonly string[] = [...lists, "frozen"];

async function read(words: readonly string[], options: Options): Promise<void> {
  const said = readingWords(words);
  const { list } = options;
  const timeoutMs = Number(options.timeout);
  if (!(timeoutMs > 0)) throw new Failure(`--timeout: expected milliseconds, found "${options.timeout}"`, 2);
  if (list !== undefined && !readable.includes(list))
    throw new Failure(`--list: expected one of ${readable.join(", ")}, found "${list}"`, 2);
  if ([options.json, options.csv, options.lineProtocol].filter((one) => one === true).length > 1)
    throw new Failure("expected at most one of --json, --csv and --line-protocol", 2);
  const beat = beatOf(options);
  const [only = ""] = words;
  const site = words.length === 1 && beat === undefined ? siteIn(only) : undefined;
  if (site !== undefined && site.meter === undefined) return listMeters(site.site, options);
  const settings = {
    ...options,
    model: options.model ?? [],
    maxRegisters: maxRegistersOf(options),
    timeoutMs,
    secrets: dlmsSecrets,
    byName: isByName(options),
  };
  const sources = await sourcesOf(said, settings, () => credentialsOf(options));
  // Columns and documents are of what words stand for.
  const names = sources.some((source) => source.expands === true) ? [] : said.names;
  const form = formOf(options, { sources, names, watching: beat !== undefined });
  try {
    await (beat === undefined ? readOnce(sources, form, options) : watch(sources, form, beat, options));
  } finally {
    progressDone();
    // What became of a reading is not undone by a site that takes no leave.
    await Promise.allSettled(sources.map((source) => source.close()));
  }
}

/** Why a meter could not be read. */
function whyOf(source: MeterSource, error: unknown, asking: Asking): Failure {
  if (error instanceof UnknownName) return new Failure(error.message, 2);
  return asFailure(inWords(error, source.url, asking), 1);
}

async function readOnce(sources: readonly MeterSource[], form: Form, options: Options): Promise<void> {
  const taken = new Map<MeterSource, Reading>();
  const failures = new Map<MeterSource, Failure>();
  await readOnBeat(
    sources,
    once,
    {
      taken: (source, reading) => void taken.set(source, reading),
      failed(source, error) {
        const failure = whyOf(source, error, options);
        if (failure.status === 2) throw failure;
        failures.set(source, failure);
      },
      missed() {},
      progress: (source, done, of) => progress(`reading ${source.url}: ${done} of ${of} requests`),
    },
    realClock,
  );
  progressDone();
  // In the order in which they were named, whoever answered first.
  for (const source of sources) {
    const reading = taken.get(source);
    await (reading === undefined ? form.failed(source) : form.taken(source, reading));
  }
  await form.end();
  const [first] = failures.values();
  if (first === undefined) return nothingIn(taken, options);
  if (sources.length === 1) throw first;
  for (const [{ url }, { message }] of failures) complain(`polyphase: ${url}: ${message}`);
  const which = [...failures.keys()].map(({ url }) => url).join(", ");
  throw new Failure(`${failures.size} of ${sources.length} meters could not be read: ${which}`, 1);
}

/** A meter that has nothing of what was asked for is said. */
function nothingIn(taken: ReadonlyMap<MeterSource, Reading>, { list }: Options): void {
  for (const [{ url, expands }, { parts }] of taken) {
    if (parts.some(({ points }) => points.length > 0)) continue;
    // Whoever asks for events is told that there are none.
    if (expands === true) {
      note(`${url}: nothing of that is there`);
      continue;
    }
    if (list === "frozen") throw new Failure("nothing has been frozen yet", 1);
    throw new Failure(`${siteIn(url)?.meter ?? url} has no ${list === undefined ? "" : `${list} `}registers`, 1);
  }
}

async function watch(sources: readonly MeterSource[], form: Form, beat: Beat, options: Options): Promise<void> {
  let [read, failed] = [0, 0];
  const ending = onEnd();
  const now = (): string =>
    Temporal.Instant.fromEpochMilliseconds(Math.round(realClock.utc())).toString({ smallestUnit: "second" });
  try {
    await readOnBeat(
      sources,
      { ...beat, signal: ending.signal },
      {
        async taken(source, reading) {
          read++;
          await form.taken(source, reading);
        },
        async failed(source, error) {
          const failure = whyOf(source, error, options);
          if (failure.status === 2) throw failure;
          failed++;
          complain(`${now()}  ${source.url}: ${failure.message}`);
          await form.failed(source);
        },
        missed(own, beats) {
          const which = own.map(({ url }) => url).join(", ");
          complain(
            `${now()}  ${which}: took longer than the interval; ${beats === 1 ? "1 beat" : `${beats} beats`} missed`,
          );
        },
      },
      realClock,
    );
    await form.end();
  } finally {
    ending.done();
  }
  if (read === 0 && failed > 0) throw new Failure("nothing could be read", 1);
}

/** What `--watch`, `--interval` and `--count` say together; undefined where it is to be read once. */
function beatOf({ watch, interval, count }: Options): Beat | undefined {
  if (watch === undefined && interval === undefined && count === undefined) return undefined;
  const every = intervalMs(interval ?? "5s");
  if (every === undefined) throw new Failure(`--interval: expected ${INTERVAL}; found "${interval}"`, 2);
  if (count !== undefined && !/^[1-9]\d{0,8}$/.test(count))
    throw new Failure(`--count: expected a whole number from 1, found "${count}"`, 2);
  return { intervalMs: every, count: count === undefined ? Infinity : Number(count) };
}
