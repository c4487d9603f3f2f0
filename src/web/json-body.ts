import type { HonoRequest } from "hono";
import { HTTPException } from "hono/http-exception";
import { JsonProblem, parseJson } from "#quantity/json-text.ts";
import { limits } from "#quantity/limits.ts";

/**
 * The body of a request that says it is JSON and is; other pages' forms cannot say so. Of one that holds too much, or a key twice,
 * the request is answered with what is wrong.
 */
export async function jsonBody(request: HonoRequest): Promise<{ value: unknown } | undefined> {
  if (!/^application\/json\b/i.test(request.header("Content-Type") ?? "")) return undefined;
  try {
    return { value: parseJson(await request.text(), limits.configuration) };
  } catch (error) {
    if (!(error instanceof JsonProblem)) return undefined;
    throw new HTTPException(422, { res: Response.json({ error: error.message }, { status: 422 }) });
  }
}
