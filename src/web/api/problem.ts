/** What is said of everything that is refused or goes wrong (RFC 9457): the one place that makes it. */
import type { Context } from "hono";
import type { KeyChange } from "#quantity/configuration-history.ts";

/** Phrases of HTTP (RFC 9110, 15). */
const titles = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  409: "Conflict",
  412: "Precondition Failed",
  413: "Content Too Large",
  415: "Unsupported Media Type",
  422: "Unprocessable Content",
  429: "Too Many Requests",
  500: "Internal Server Error",
  503: "Service Unavailable",
} as const;
export type ProblemStatus = keyof typeof titles;

export function titleOf(status: number): string {
  return titles[status as ProblemStatus] ?? "";
}

export const PROBLEM_TYPE = "application/problem+json";

export interface ProblemFacts {
  /** What refused it: "site", "store", or why a meter does. */
  readonly refused?: string;
  /** What was wrong, a line each. */
  readonly problems?: readonly string[];
  /** What has become another since it was read, and how many more of those there are. */
  readonly changes?: readonly KeyChange[] | undefined;
  readonly more?: number | undefined;
  /** What the site's log calls this one. */
  readonly instance?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** `detail` is what was wrong, where, and what was expected. Programs of before there were versions read it as `error`. */
export function problem(
  context: Context,
  status: ProblemStatus,
  detail: string,
  { headers, ...facts }: ProblemFacts = {},
): Response {
  // Whatever its status is, what it means is what HTTP says (4.2.1); `refused` tells those of one status apart.
  const said = { type: "about:blank", title: titles[status], status, detail, error: detail, ...facts };
  return context.body(JSON.stringify(said), status, { "Content-Type": PROBLEM_TYPE, ...headers });
}
