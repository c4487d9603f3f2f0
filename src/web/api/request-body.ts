/** Bodies of requests: how long they may be, what they are written in, and what they say. */
import type { Context, HonoRequest, MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { z } from "zod";
import { checkedBy } from "#product/schema-problems.ts";
import { JsonProblem, parseJson } from "#quantity/json-text.ts";
import { limits } from "#quantity/limits.ts";
import type { Body } from "./operation.ts";
import { problem } from "./problem.ts";

/** One that is longer is refused before it is read. */
export function atMost(bytes: number): MiddlewareHandler {
  return bodyLimit({
    maxSize: bytes,
    onError: (context) => problem(context, 413, `expected a body of at most ${bytes} bytes`),
  });
}

/** What is wrong with a body. */
export interface WrongBody {
  readonly status: 400 | 415 | 422;
  readonly problems: readonly string[];
}

export function isForm(request: HonoRequest): boolean {
  return request.header("Content-Type")?.startsWith("application/x-www-form-urlencoded") === true;
}

/** JSON is UTF-8 (RFC 8259, 8.1): what is none loses characters, should it be taken for it. */
function textOf(bytes: ArrayBuffer): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** What a form says of what is asked: whatever else it is called by may be a password. */
async function formOf(request: HonoRequest, schema: z.ZodType): Promise<Readonly<Record<string, unknown>>> {
  const given = await request.parseBody();
  const keys = schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
  return Object.fromEntries(keys.flatMap((key) => (Object.hasOwn(given, key) ? [[key, given[key]]] : [])));
}

async function valueOf(request: HonoRequest, { form, example, schema }: Body): Promise<{ value: unknown } | WrongBody> {
  if (form === true && isForm(request)) return { value: await formOf(request, schema) };
  const expected = `expected Content-Type: application/json, and JSON like ${JSON.stringify(example)}`;
  // Forms of other pages cannot say that they are JSON.
  if (!/^application\/json *(;|$)/i.test(request.header("Content-Type") ?? ""))
    return { status: 415, problems: [expected] };
  const text = textOf(await request.arrayBuffer());
  if (text === undefined) return { status: 422, problems: ["expected JSON in UTF-8; found other bytes"] };
  try {
    return { value: parseJson(text, limits.configuration) };
  } catch (error) {
    if (error instanceof JsonProblem) return { status: 422, problems: [error.message] };
    return { status: 400, problems: [expected] };
  }
}

/** What a body says, or what is wrong with it, key by key. */
export async function bodyOf<Schema extends z.ZodType>(
  request: HonoRequest,
  body: Body<Schema>,
): Promise<{ readonly value: z.output<Schema> } | WrongBody> {
  const given = await valueOf(request, body);
  if ("problems" in given) return given;
  const { value, problems } = checkedBy(body.schema, given.value, "the body");
  if (problems !== undefined) return { status: 422, problems };
  return { value: body.open === true ? (given.value as z.output<Schema>) : value };
}

export function wrongBody(context: Context, { status, problems }: WrongBody): Response {
  return problem(context, status, problems.join("; "), status === 422 ? { problems } : {});
}
