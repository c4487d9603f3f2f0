/** JSON over HTTP, for commands that talk to a site. */

/** What a site answered: its status and document. Rejects with a message that names the address. */
export async function requestJson(
  url: string,
  {
    method = "GET",
    body,
    token,
    timeoutMs = 10_000,
  }: {
    readonly method?: string;
    readonly body?: unknown;
    readonly token?: string | undefined;
    readonly timeoutMs?: number;
  } = {},
): Promise<{ readonly status: number; readonly value: unknown }> {
  let response: Response;
  try {
    response = await fetch(url, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      headers: {
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
        ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
      },
      signal: AbortSignal.timeout(timeoutMs),
    });
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
    throw new Error(`cannot reach ${url}: ${cause}`, { cause: error });
  }
  const text = await response.text();
  try {
    return { status: response.status, value: JSON.parse(text) };
  } catch (error) {
    throw new Error(`${url} answered with something that is no JSON: ${text.slice(0, 80)}`, { cause: error });
  }
}
