/** `profile` of a meter over DLMS/COSEM: rows as the meter has them, each with its time. */
import { openProfile, type DlmsProfile, type ProfileValues } from "#headend/dlms-profile.ts";
import { parseDlmsUrl } from "#headend/dlms-url.ts";
import { UnknownName } from "#headend/chosen.ts";
import { UrlError } from "#headend/place.ts";
import { asCsv } from "./csv.ts";
import { dlmsSecrets } from "./dlms-secrets.ts";
import { asFailure, Failure, orFail } from "./failure.ts";
import { plain } from "./harmless.ts";
import { print, type PrintOptions } from "./print.ts";
import { note, progress, progressDone, Shown, write } from "./terminal.ts";

export interface DlmsProfileOptions extends PrintOptions {
  readonly profile?: string;
  readonly log?: string;
  readonly days?: string;
  readonly from?: string;
  readonly to?: string;
  readonly timeout?: string;
  readonly sinceLastRead?: true;
}

const TIMEOUT_MS = 5000;
/** Between two words on how far it is. */
const EVERY = 50;

export async function dlmsProfile(text: string, options: DlmsProfileOptions): Promise<void> {
  if (options.sinceLastRead !== undefined)
    throw new Failure(
      "--since-last-read is of meters of a site: a DLMS meter keeps no mark of who has read what; say --from",
      2,
    );
  const at = orFail(2, () => parseDlmsUrl(text));
  const { from, to, days, log, profile = "1" } = options;
  const asked = {
    profile: log ?? profile,
    isLog: log !== undefined,
    from: from === undefined ? undefined : Temporal.PlainDateTime.from(from),
    to: to === undefined ? undefined : Temporal.PlainDateTime.from(to),
    days: days === undefined ? undefined : Number(days),
  };
  try {
    const read = await openProfile(at, { timeoutMs: TIMEOUT_MS, secrets: dlmsSecrets }, asked);
    try {
      await (options.csv === true ? asItComes(read) : whole(text, read, options));
    } finally {
      progressDone();
      for (const one of read.notes) note(one);
      await read.close();
    }
  } catch (error) {
    if (error instanceof UnknownName) throw new Failure(error.message, 2);
    throw asFailure(error, error instanceof UrlError ? 2 : 1);
  }
}

function headOf({ columns }: DlmsProfile): readonly string[] {
  return columns.map(({ name, unit }) => (unit === "" ? name : `${name} (${unit})`));
}

function rowOf(values: ProfileValues): readonly string[] {
  return values.map((value) =>
    value === undefined ? "" : typeof value === "number" ? numberText(value) : plain(value),
  );
}

/** As many digits as a float of 32 bits has in it, and what is whole as it is. */
function numberText(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(9)));
}

/** A long profile fills no memory. */
async function asItComes(read: DlmsProfile): Promise<void> {
  await write(new Shown(asCsv([headOf(read).map(plain)])));
  for await (const values of counted(read)) await write(new Shown(asCsv([[...rowOf(values)]])));
}

async function* counted(read: DlmsProfile): AsyncGenerator<ProfileValues, void> {
  let count = 0;
  for await (const values of read.rows()) {
    if (++count % EVERY === 0) progress(`${count} rows of ${read.profile}`);
    yield values;
  }
}

async function whole(url: string, read: DlmsProfile, options: PrintOptions): Promise<void> {
  const records: ProfileValues[] = [];
  for await (const values of counted(read)) records.push(values);
  progressDone();
  const { columns, profile } = read;
  const document = {
    url,
    profile,
    columns: columns.map(({ name, code, unit }) => ({ name, ...(code === undefined ? {} : { code }), unit })),
    records: records.map((values) => values.map((value) => value ?? null)),
  };
  const right = columns.flatMap((_, k) => (records.some((values) => typeof values[k] === "number") ? [k] : []));
  await print(options, { document, rows: [[...headOf(read)], ...records.map((values) => [...rowOf(values)])], right });
  const isTable = options.json === undefined && options.excel === undefined;
  if (isTable && records.length === 0) note(`${profile} has no such row`);
}
