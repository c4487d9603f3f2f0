/** `profile` of a meter that is read over its own protocol: rows as the meter has them, each with its time. */
import type { ProfileAsked, ProfileRows, ProfileValues } from "#headend/profile-rows.ts";
import { UnknownName } from "#headend/chosen.ts";
import { UrlError } from "#headend/place.ts";
import { asCsv } from "#quantity/csv-text.ts";
import { asFailure, Failure } from "./failure.ts";
import { plain } from "./harmless.ts";
import { print, type PrintOptions } from "./print.ts";
import { note, progress, progressDone, Shown, write } from "./terminal.ts";

export interface ProfileRowsOptions extends PrintOptions {
  readonly profile?: string;
  readonly log?: string;
  readonly days?: string;
  readonly from?: string;
  readonly to?: string;
  readonly sinceLastRead?: true;
}

/** Between two words on how far it is. */
const EVERY = 50;

/** `open` is told what is wanted of it. */
export async function printProfile(
  url: string,
  options: ProfileRowsOptions,
  open: (asked: ProfileAsked) => Promise<ProfileRows>,
): Promise<void> {
  if (options.sinceLastRead !== undefined)
    throw new Failure(
      "--since-last-read is of meters of a site: over its own protocol a meter keeps no mark of who has read what; say --from",
      2,
    );
  const { from, to, days, log, profile = "1" } = options;
  const asked = {
    profile: log ?? profile,
    isLog: log !== undefined,
    from: from === undefined ? undefined : Temporal.PlainDateTime.from(from),
    to: to === undefined ? undefined : Temporal.PlainDateTime.from(to),
    days: days === undefined ? undefined : Number(days),
  };
  try {
    const read = await open(asked);
    try {
      await (options.csv === true ? asItComes(read) : whole(url, read, options));
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

function headOf({ columns }: ProfileRows): readonly string[] {
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
async function asItComes(read: ProfileRows): Promise<void> {
  await write(new Shown(asCsv([headOf(read).map(plain)])));
  let isEmpty = true;
  for await (const values of counted(read)) {
    isEmpty = false;
    await write(new Shown(asCsv([[...rowOf(values)]])));
  }
  if (isEmpty) note(`${read.profile} has no such row`);
}

async function* counted(read: ProfileRows): AsyncGenerator<ProfileValues, void> {
  let count = 0;
  for await (const values of read.rows()) {
    if (++count % EVERY === 0) progress(`${count} rows of ${read.profile}`);
    yield values;
  }
}

async function whole(url: string, read: ProfileRows, options: PrintOptions): Promise<void> {
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
