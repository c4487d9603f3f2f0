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
  const text = utf8(await request.arrayBuffer());
  try {
    return { value: parseJson(text, limits.configuration) };
  } catch (error) {
    if (!(error instanceof JsonProblem)) return undefined;
    throw refused(error.message);
  }
}

/** JSON is UTF-8 (RFC 8259, 8.1): what is none loses characters, should it be taken for it. */
function utf8(bytes: ArrayBuffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw refused("expected JSON in UTF-8; found other bytes");
  }
}

function refused(error: string): HTTPException {
  return new HTTPException(422, { res: Response.json({ error }, { status: 422 }) });
}
