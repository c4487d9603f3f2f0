/** What is wrong with a file that people write, key by key. */
import type { z } from "zod";
import { limits } from "#quantity/limits.ts";

/** One line for each thing that is wrong with a file; of many the first of them, and how many more there are (firstOf). */
export class FileError extends Error {
  readonly file: string;
  readonly problems: readonly string[];

  constructor(file: string, problems: readonly string[]) {
    // What a file holds ends no line here.
    const lines = problems.map((problem) => `  ${problem.replaceAll("\n", String.raw`\n`)}`);
    super([`${file} is not valid:`, ...lines].join("\n"));
    this.name = "FileError";
    this.file = file;
    this.problems = problems;
  }
}

/** As many problems as somebody reads, each as long as somebody reads, and how many more there are; `more` that are not listed. */
export function firstOf(problems: readonly string[], more = 0): readonly string[] {
  const { problems: most, problemCharacters } = limits.configuration;
  const told = problems.slice(0, most).map((one) => shortened(one, problemCharacters));
  const rest = problems.length - told.length + more;
  return rest > 0 ? [...told, `and ${rest} more`] : told;
}

function shortened(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most)}…`;
}

/** What a schema finds wrong, key by key: the first of it, and how much more there is. */
export function problemsOf(issues: readonly z.core.$ZodIssue[]): readonly string[] {
  const told: string[] = [];
  let more = 0;
  for (const issue of issues) {
    if (told.length >= limits.configuration.problems)
      more += issue.code === "unrecognized_keys" ? issue.keys.length : 1;
    else told.push(...describe(issue));
  }
  return firstOf(told, more);
}

function keyOf(path: readonly PropertyKey[]): string {
  return path
    .map((part, k) => (typeof part === "number" ? `[${part}]` : `${k === 0 ? "" : "."}${String(part)}`))
    .join("");
}

/** What a type of value is called. */
const called: Readonly<Record<string, string>> = {
  number: "a number",
  string: "a text",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  record: "an object",
};

/** Whether there is no value at all. Zod says so of a type; of a choice only where it is told to report the input. */
function isMissing(issue: z.core.$ZodIssue): boolean {
  return ("input" in issue && issue.input === undefined) || issue.message.endsWith(", received undefined");
}

/** What was expected where there is nothing; undefined where something else is wrong. */
function expectedOf(issue: z.core.$ZodIssue): string | undefined {
  if (issue.code === "invalid_type") return `expected ${called[issue.expected] ?? issue.expected}`;
  if (issue.code === "invalid_value") return issue.message.replace(/^Invalid (input|option): /, "");
  if (issue.code !== "invalid_union") return undefined;
  const each = issue.errors.flatMap(([first]) => (first === undefined ? [] : (expectedOf(first) ?? [])));
  return each.length === 0 ? undefined : `expected ${each.map((one) => one.replace(/^expected /, "")).join(", or ")}`;
}

/** What is wrong, key by key. */
function describe(issue: z.core.$ZodIssue): string[] {
  const key = keyOf(issue.path) || "the file";
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((name) => `${keyOf([...issue.path, name])}: there is no such key`);
  }
  const expected = issue.path.length > 0 && isMissing(issue) ? expectedOf(issue) : undefined;
  if (expected !== undefined) return [`${key}: ${expected}; it is missing`];
  if (issue.code === "invalid_key") return issue.issues.map((inner) => `${key}: ${inner.message}`);
  if (issue.code === "invalid_union") {
    // Of a union's alternatives the one that got furthest is the one that was meant.
    const [best] = [...issue.errors].sort((a, b) => depth(b) - depth(a));
    if (best !== undefined && depth(best) > 0) {
      return best.flatMap((inner) => describe({ ...inner, path: [...issue.path, ...inner.path] }));
    }
    if (best === undefined) return [`${key}: ${issue.message}`];
    return [
      `${key}: expected ${issue.errors.flatMap((inner) => inner.map((one) => one.message.replace(/^Invalid input: expected /, ""))).join(", or ")}`,
    ];
  }
  return [`${key}: ${issue.message.replace(/^Invalid (input|option): /, "")}`];
}

function depth(issues: readonly z.core.$ZodIssue[]): number {
  return Math.max(0, ...issues.map((issue) => issue.path.length));
}
