import type { HonoRequest } from "hono";

/** The body of a request that says it is JSON and is; other pages' forms cannot say so. */
export async function jsonBody(request: HonoRequest): Promise<{ value: unknown } | undefined> {
  if (!/^application\/json\b/i.test(request.header("Content-Type") ?? "")) return undefined;
  try {
    return { value: await request.json() };
  } catch {
    return undefined;
  }
}
