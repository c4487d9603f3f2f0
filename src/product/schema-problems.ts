/** What a schema finds wrong with a value, key by key, in words of this program: none of the library's reach anybody. */
import type { z } from "zod";
import { didYouMean, quotedWord } from "#quantity/nearest.ts";
import { limits } from "#quantity/limits.ts";
import { firstOf } from "./file-error.ts";

type Issue = z.core.$ZodIssue;
type Code = Issue["code"];
type Raw<C extends Code> = z.core.$ZodRawIssue<Extract<Issue, { readonly code: C }>>;

/** What a type of value is called. */
const types: Readonly<Record<string, string>> = {
  number: "a number",
  nan: "a number",
  int: "a whole number",
  string: "a text",
  boolean: "true or false",
  array: "a list",
  tuple: "a list",
  object: "an object",
  record: "an object",
  null: "nothing",
};

/** What a text of a format looks like. */
const formats: Readonly<Record<string, string>> = {
  datetime: "an instant, like 2026-01-01T00:00:00Z or with an offset",
  date: "a date, like 2026-01-31",
  time: "a time of day, like 07:30:00",
  ipv4: "an IPv4 address, like 192.0.2.1",
  ipv6: "an IPv6 address, like 2001:db8::1",
};

/** What is counted of a value that is too large or too small. */
function counted(origin: string): string {
  if (origin === "string") return " characters";
  return origin === "array" ? " of them" : "";
}

type Bound = Raw<"too_big" | "too_small">;

function bounded(
  { origin, exact, inclusive }: Bound,
  bound: number | bigint,
  words: readonly [string, string],
): string {
  const how = exact === true ? "exactly " : inclusive === false ? `${words[0]} ` : `${words[1]} `;
  return `expected ${how}${bound}${counted(origin)}`;
}

/** Keys that an object may have. */
function keysOf(schema: unknown): readonly string[] {
  const { shape } = (schema as { readonly _zod?: { readonly def?: { readonly shape?: object } } })?._zod?.def ?? {};
  return shape === undefined ? [] : Object.keys(shape);
}

/** What was expected, by what is wrong. A schema's own words (of `refine`, of a pattern) come before these. */
const words: { readonly [C in Code]: (issue: Raw<C>) => string } = {
  invalid_type: ({ expected }) => `expected ${types[expected] ?? expected}`,
  too_big: (issue) => bounded(issue, issue.maximum, ["less than", "at most"]),
  too_small: (issue) => bounded(issue, issue.minimum, ["more than", "at least"]),
  invalid_format: ({ format }) => `expected ${formats[format] ?? "a text of another form"}`,
  not_multiple_of: ({ divisor }) => `expected a multiple of ${divisor}`,
  // A line a key.
  unrecognized_keys: ({ keys, inst }) =>
    keys.map((key) => `there is no such key${didYouMean(key, keysOf(inst))}`).join("\n"),
  invalid_union: ({ options }) =>
    Array.isArray(options) ? `expected one of ${options.map(String).join(", ")}` : "expected another value",
  invalid_key: () => "expected another key",
  invalid_element: () => "expected another member",
  invalid_value: ({ values }) =>
    values.length === 1 ? `expected ${String(values[0])}` : `expected one of ${values.map(String).join(", ")}`,
  custom: () => "expected another value",
};

/** For a schema that parses within another one's transformation; `checkedBy` brings it to all others. */
export const inOwnWords: z.core.$ZodErrorMap = (issue) => {
  const of = words[issue.code] as (issue: unknown) => string;
  return of(issue);
};

type Checked<T> =
  | { readonly value: T; readonly problems?: undefined }
  | { readonly value?: undefined; readonly problems: readonly string[] };

/**
 * The value that a schema makes of another, or what is wrong with it: a line a key, the first of them, and how many more there are.
 * `whole` is what that is called which has no key.
 */
export function checkedBy<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  whole = "the file",
): Checked<z.output<Schema>> {
  const parsed = schema.safeParse(value, { error: inOwnWords, reportInput: true });
  return parsed.success ? { value: parsed.data } : { problems: problemsOf(parsed.error.issues, whole) };
}

function problemsOf(issues: readonly Issue[], whole: string): readonly string[] {
  const told: string[] = [];
  let more = 0;
  for (const issue of issues) {
    if (told.length >= limits.configuration.problems)
      more += issue.code === "unrecognized_keys" ? issue.keys.length : 1;
    else told.push(...describe(issue, whole));
  }
  return firstOf(told, more);
}

function keyOf(path: readonly PropertyKey[]): string {
  return path
    .map((part, k) => (typeof part === "number" ? `[${part}]` : `${k === 0 ? "" : "."}${String(part)}`))
    .join("");
}

/** What is wrong, key by key. */
function describe(issue: Issue, whole: string): string[] {
  const key = keyOf(issue.path) || whole;
  if (issue.code === "unrecognized_keys") {
    const each = issue.message.split("\n");
    return issue.keys.map((name, k) => `${keyOf([...issue.path, name])}: ${each[k] ?? issue.message}`);
  }
  if (issue.code === "invalid_key" || issue.code === "invalid_element")
    return issue.issues.map((inner) => `${key}: ${inner.message}`);
  if (issue.code === "invalid_union" && issue.errors.length > 0) {
    // Of a union's alternatives the one that got furthest is the one that was meant, then the one with fewest keys that it does not know, and
    // then the one of which less is wrong.
    const [best] = [...issue.errors].sort(
      (a, b) => depth(b) - depth(a) || strange(a) - strange(b) || a.length - b.length,
    );
    if (best !== undefined && depth(best) > 0)
      return best.flatMap((inner) => describe({ ...inner, path: [...issue.path, ...inner.path] }, whole));
  }
  return [`${key}: ${expectedIn(issue)}${foundIn(issue)}`];
}

function depth(issues: readonly Issue[]): number {
  return Math.max(0, ...issues.map(({ path }) => path.length));
}

function strange(issues: readonly Issue[]): number {
  return issues.filter(({ code }) => code === "unrecognized_keys").length;
}

/** Of a choice of shapes what was expected of each. */
function expectedIn(issue: Issue): string {
  if (issue.code !== "invalid_union" || issue.errors.length === 0) return issue.message;
  const each = issue.errors.flatMap(([first]) =>
    first === undefined ? [] : expectedIn(first).replace(/^expected /, ""),
  );
  return `expected ${[...new Set(each)].join(", or ")}`;
}

/** The words that could stand there, where there are such. */
function wordsIn(issue: Issue): readonly string[] {
  if (issue.code === "invalid_value") return issue.values.map(String);
  if (issue.code !== "invalid_union") return [];
  if ("options" in issue && issue.options !== undefined) return issue.options.map(String);
  return issue.errors.flatMap((each) => each.flatMap(wordsIn));
}

/** Whether a number could stand there: then what stands there instead is nobody's secret. */
function takesNumber(issue: Issue): boolean {
  if (issue.code === "not_multiple_of") return true;
  if (issue.code === "invalid_type") return /^(number|int|boolean)$/.test(issue.expected);
  if (issue.code === "too_big" || issue.code === "too_small")
    return issue.origin === "number" || issue.origin === "int";
  return issue.code === "invalid_union" && issue.errors.some((each) => each.some(takesNumber));
}

/** What was found instead. A text is repeated only where it cannot be a password. */
function foundIn(issue: Issue): string {
  if (issue.code === "custom" || issue.code === "invalid_format") return "";
  const { input } = issue;
  const found: unknown =
    issue.code === "invalid_union" && issue.discriminator !== undefined && isObject(input)
      ? input[issue.discriminator]
      : input;
  if (found === undefined) return issue.path.length === 0 ? "; there is nothing in it" : "; it is missing";
  if (found === null) return "; there is nothing";
  const known = wordsIn(issue);
  if (typeof found === "string" && known.length > 0) return `; found ${quotedWord(found)}${didYouMean(found, known)}`;
  if (Array.isArray(found)) return `; found ${sizeOf(issue, found.length) ?? "a list"}`;
  if (typeof found === "object") return "; found an object";
  if (!takesNumber(issue) && known.length === 0)
    return `; found ${sizeOf(issue, typeof found === "string" ? found.length : undefined) ?? types[typeof found] ?? typeof found}`;
  return `; found ${typeof found === "string" ? quotedWord(found) : String(found)}`;
}

/** How much there is of what there is too much or too little of. */
function sizeOf(issue: Issue, size: number | undefined): string | undefined {
  return issue.code === "too_big" || issue.code === "too_small" ? size?.toString() : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
