/** Serves an operation of the table: its schemas look at what comes before anybody else does. */
import type { Context, Hono, MiddlewareHandler } from "hono";
import { z } from "zod";
import { firstOf } from "#product/file-error.ts";
import { checkedBy } from "#product/schema-problems.ts";
import { didYouMean, quotedWord } from "#quantity/nearest.ts";
import { parameters, parametersOf, type Body, type Operation, type Query } from "./operation.ts";
import { problem } from "./problem.ts";
import { atMost, bodyOf, wrongBody } from "./request-body.ts";

/** What a request says, as its schemas have it. */
export interface Given<Q extends Query, B extends Body> {
  readonly query: z.output<Q>;
  readonly body: z.output<B["schema"]>;
}

/** What a text of an address is to a schema: a number, where it is written as one and one is wanted. */
function plainOf(schema: z.core.$ZodType | undefined, text: string | undefined): string | number | undefined {
  const wanted = schema instanceof z.ZodOptional ? schema.unwrap() : schema;
  return wanted instanceof z.ZodNumber && text !== undefined && /^\d{1,16}$/.test(text) ? Number(text) : text;
}

/** What in a path names nothing. */
function strayPart(context: Context, path: string): string | undefined {
  for (const name of parametersOf(path)) {
    const { problems } = checkedBy(parameters[name], plainOf(parameters[name], context.req.param(name)), name);
    if (problems !== undefined) return problems.join("; ");
  }
  return undefined;
}

/** What a query says, each word once and none that is not known. */
function queryOf(
  context: Context,
  query: Query,
): { readonly value?: unknown; readonly problems?: readonly string[] | undefined } {
  const known = Object.keys(query.shape);
  const given = Object.entries(context.req.queries());
  const problems = given.flatMap(([word, values]) => {
    if (known.includes(word))
      return values.length === 1 ? [] : [`${word}: this word stands there ${values.length} times`];
    const there = known.length === 0 ? "this takes none" : `known are ${known.join(", ")}`;
    return [`${quotedWord(word)}: there is no such word in this query${didYouMean(word, known)}; ${there}`];
  });
  if (problems.length > 0) return { problems: firstOf(problems) };
  const values = given.map(([word, [text]]) => [word, plainOf(query.shape[word], text)]);
  return checkedBy(query, Object.fromEntries(values), "the query");
}

const wordless: Query = z.strictObject({});

/** `before` comes before the body is read. */
export function serve<Q extends Query, B extends Body>(
  app: Hono,
  { method, path, query, body }: Operation<Q, B>,
  run: (context: Context, given: Given<Q, B>) => Response | Promise<Response>,
  before: readonly MiddlewareHandler[] = [],
): void {
  const sized = body === undefined ? [] : [atMost(body.bytes)];
  app.on(method, [path], ...sized, ...before, async (context: Context) => {
    const stray = strayPart(context, path);
    if (stray !== undefined) return problem(context, 404, stray);
    const { value, problems } = queryOf(context, query ?? wordless);
    if (problems !== undefined) return problem(context, 422, problems.join("; "), { problems });
    const given = body === undefined ? { value: undefined } : await bodyOf(context.req, body);
    if ("problems" in given) return wrongBody(context, given);
    return run(context, { query: value as z.output<Q>, body: given.value as z.output<B["schema"]> });
  });
}
