/** An operation of the HTTP API: who may ask for it, what goes in, what comes out. */
import { z } from "zod";
import type { Role } from "#fleet/site-users.ts";
import type { Place } from "#quantity/authority.ts";
import { logKinds } from "#quantity/log.ts";
import { lists } from "#quantity/register.ts";

/** "anybody" logs in to nothing; "token" is a program that watches the site, with the token of the users' file. */
export type Takes = Role | "anybody" | "token";

/**
 * What of a meter an answer tells, as the meter lets it be read; nothing where it is empty. A place may have a parameter of the path in it.
 * "everything" is all that there is of it. "log by log": whoever answers asks the meter of each log that he tells of.
 */
export type Tells = readonly Place[] | "everything" | "log by log";

/** What is new of a meter as it is followed, and what passes between it and its peers. */
export const everythingNew = [
  "readings",
  "registers",
  "profiles",
  "log event",
  "log alarm",
  "log diagnostic",
] as const satisfies Tells;

export type Method = "GET" | "POST" | "PUT" | "DELETE";

/** Parts of paths, which mean the same wherever they stand. What does not fit names nothing. */
export const parameters = {
  name: z.string().min(1).describe("a meter, as the site file calls it"),
  list: z.enum([...lists, "frozen"]).describe("a list of registers, or those of the last freeze"),
  number: z.int().min(1).max(999).describe("a profile, or a group of the measurement log"),
  kind: z.enum(logKinds).describe("a log"),
  file: z.string().min(1).describe("a file, by its name"),
  folder: z.string().min(1).describe("a folder of the shelf"),
  user: z.string().min(1).describe("a user of the site, by name"),
  message: z.int().min(1).describe("a message of the traffic, by its number"),
  index: z.int().min(0).describe("a listener, by its place in the list"),
} as const;

export interface Body<Schema extends z.ZodType = z.ZodType> {
  readonly schema: Schema;
  /** Bytes that it may have. */
  readonly bytes: number;
  /** What it may look like: for people, and in the words against what is none. */
  readonly example: unknown;
  /** The schema is its outer shape: whoever takes it looks at all of it, and is handed it as it came. */
  readonly open?: true;
  /** A form says it as well. */
  readonly form?: true;
}

/** What comes besides JSON: its media type. */
export interface Media {
  readonly media: string;
  readonly says: string;
  /** Of an event stream: what each event holds. */
  readonly events?: Readonly<Record<string, z.ZodType>>;
}

export type Query = z.ZodObject;

export interface Operation<Q extends Query = Query, B extends Body = Body> {
  readonly method: Method;
  readonly path: string;
  readonly takes: Takes;
  /**
   * Of the path's meter: whoever may not read that is refused before anything is done. Of all meters, where the path names none: whoever
   * answers leaves out those of which that may not be read.
   */
  readonly tells: Tells;
  /** What it does, in a line. */
  readonly does: string;
  readonly query?: Q;
  readonly body?: B;
  /** Headers of the request that matter, and what for. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly answer: z.ZodType | Media;
  /** Statuses of other answers that are no problems, in words. */
  readonly others?: Readonly<Record<number, string>>;
  /** Statuses of problems, beside those that all like it have (refusals.ts). */
  readonly refuses?: readonly number[];
  /** It changes what a meter keeps: what cannot be kept is not done. `check` in the query asks what a change would do. */
  readonly keeps?: true;
  /** It takes one of the places that there are few of, which no page of elsewhere may take. */
  readonly stream?: true;
}

/** A row of the table; its types are those of its schemas. */
export function operation<const Q extends Query = z.ZodObject<Record<never, never>>, const B extends Body = Body>(
  row: Operation<Q, B>,
): Operation<Q, B> {
  return row;
}

/** Names of the parts of a path that are parameters. */
export function parametersOf(path: string): readonly (keyof typeof parameters)[] {
  const named = [...path.matchAll(/:(\w+)/g)].map(([, name = ""]) => name);
  return named.filter((name): name is keyof typeof parameters => Object.hasOwn(parameters, name));
}

export function isMedia(answer: z.ZodType | Media): answer is Media {
  return "media" in answer;
}

/** Statuses of the problems that an operation can answer with. */
export function refusalsOf({ path, method, takes, body, refuses = [], keeps }: Operation): readonly number[] {
  const ofMeter = path.includes("/meters/:name");
  const all = [
    // A request that is not for this site, or of a page of elsewhere.
    403,
    ...(takes === "anybody" ? [] : [401]),
    ...(parametersOf(path).length > 0 ? [404] : []),
    // Words of a query that there are not.
    422,
    ...(body === undefined ? [] : [400, 413, 415]),
    ...(keeps === true || (ofMeter && method !== "GET") ? [503] : []),
    ...refuses,
  ];
  return [...new Set(all)].toSorted((a, b) => a - b);
}
