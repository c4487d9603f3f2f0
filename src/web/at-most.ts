/** Bodies of requests that are longer than is taken are refused before they are read, in words as every other refusal. */
import type { MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";

export function atMost(bytes: number): MiddlewareHandler {
  return bodyLimit({
    maxSize: bytes,
    onError: (context) => context.json({ error: `expected a body of at most ${bytes} bytes` }, 413),
  });
}
