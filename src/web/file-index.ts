/** The list of a meter's files as a browser shows it, laid out as the manual prints it (Retrieval via WEB Browser). */
import { html } from "hono/html";
import type { ShelvedFile } from "#quantity/file-shelf.ts";
import { localOf, type Stamp } from "#quantity/stamp.ts";

type Html = ReturnType<typeof html>;

export interface IndexRow {
  readonly name: string;
  /** Undefined of a folder in which there is nothing. */
  readonly at?: Stamp | undefined;
  /** Undefined of a folder. */
  readonly size?: number | undefined;
}

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** "2020-Mar-16 10:25:26", by the meter's wall clock. */
export function modifiedText(at: Stamp): string {
  const text = Temporal.Instant.fromEpochMilliseconds(Math.floor(localOf(at))).toString({ smallestUnit: "second" });
  const month = months[Number(text.slice(5, 7)) - 1];
  return `${text.slice(0, 5)}${month}${text.slice(7, 10)} ${text.slice(11, 19)}`;
}

const days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/** "Mon, 16 Mar 2020 10:25:26 GMT" (RFC 9110, 5.6.7). */
export function httpDate(utc: number): string {
  const at = Temporal.Instant.fromEpochMilliseconds(Math.floor(utc)).toZonedDateTimeISO("UTC");
  const two = (value: number): string => String(value).padStart(2, "0");
  const time = [at.hour, at.minute, at.second].map(two).join(":");
  return `${days[at.dayOfWeek - 1]}, ${two(at.day)} ${months[at.month - 1]} ${at.year} ${time} GMT`;
}

const UNIT = 1024;

/** "13.8K": units of 1,024, one digit behind the point. */
export function sizeText(size: number): string {
  const kilo = size / UNIT;
  return kilo < UNIT ? `${kilo.toFixed(1)}K` : `${(kilo / UNIT).toFixed(1)}M`;
}

/** What lies in a folder ("" is the shelf itself): its folders, then its files, each by name. */
export function rowsIn(
  folder: string,
  { folders, files }: { readonly folders: readonly string[]; readonly files: readonly ShelvedFile[] },
): readonly IndexRow[] {
  const inside = (name: string): string => (folder === "" ? name : name.slice(folder.length + 1));
  const here = files.filter(({ name }) => folder === "" || name.startsWith(`${folder}/`));
  const isDirect = ({ name }: ShelvedFile): boolean => !inside(name).includes("/");
  const below = folder === "" ? folders : [];
  const newestIn = (of: string): Stamp | undefined => files.findLast(({ name }) => name.startsWith(`${of}/`))?.at;
  const byName = (a: IndexRow, b: IndexRow): number => (a.name < b.name ? -1 : 1);
  return [
    ...below.map((name) => ({ name: `${name}/`, at: newestIn(name) })).toSorted(byName),
    ...here
      .filter(isDirect)
      .map(({ name, at, size }) => ({ name: inside(name), at, size }))
      .toSorted(byName),
  ];
}

export interface Listed {
  /** "/pqdif/". */
  readonly of: string;
  readonly title: string;
  /** Where "Parent Directory/" leads. */
  readonly parent: string;
}

export function indexPage({ of, title, parent }: Listed, rows: readonly IndexRow[]): Html {
  const row = ({ name, at, size }: IndexRow): Html =>
    html`<tr>
      <td><a href="${linkTo(name)}">${name}</a></td>
      <td>${at === undefined ? "" : modifiedText(at)}</td>
      <td align="right">${size === undefined ? "-" : sizeText(size)}</td>
      <td>${size === undefined ? "Directory" : FILE_TYPE}</td>
    </tr>`;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>Index of ${of} (${title})</title>
      </head>
      <body>
        <h1>Index of ${of}</h1>
        <p>${title}</p>
        <table cellpadding="4">
          <thead>
            <tr>
              <th align="left">Name</th>
              <th align="left">Last Modified</th>
              <th align="right">Size</th>
              <th align="left">Type</th>
            </tr>
          </thead>
          <tbody>
            <tr>
              <td><a href="${parent}">Parent Directory/</a></td>
              <td></td>
              <td align="right">-</td>
              <td>Directory</td>
            </tr>
            ${rows.map(row)}
          </tbody>
        </table>
      </body>
    </html> `;
}

/** Whether whoever asks has the file already (RFC 9110, 13.2.2): by its tag, and by its time where no tag is named. */
export function isKnown(
  { noneMatch, modifiedSince }: { readonly noneMatch: string | undefined; readonly modifiedSince: string | undefined },
  { tag, utc }: { readonly tag: string; readonly utc: number },
): boolean {
  if (noneMatch !== undefined) return noneMatch.trim() === "*" || noneMatch.includes(tag);
  const since = modifiedSince === undefined ? undefined : utcOf(modifiedSince);
  // A date has no parts of a second.
  return since !== undefined && Math.floor(utc / 1000) * 1000 <= since;
}

const FIXED_DATE = /^[A-Z][a-z]{2}, (\d\d) ([A-Z][a-z]{2}) (\d{4}) (\d\d:\d\d:\d\d) GMT$/;

/** Milliseconds since 1970 of a date as `httpDate` writes it; undefined of another. */
function utcOf(text: string): number | undefined {
  const [, day = "", name = "", year = "", time = ""] = FIXED_DATE.exec(text) ?? [];
  const month = String(months.indexOf(name) + 1).padStart(2, "0");
  try {
    return Temporal.Instant.from(`${year}-${month}-${day}T${time}Z`).epochMilliseconds;
  } catch {
    return undefined;
  }
}

/** What every file is to whoever fetches it. */
export const FILE_TYPE = "application/octet-stream";

function linkTo(name: string): string {
  return name.split("/").map(encodeURIComponent).join("/");
}
