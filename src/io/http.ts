/** JSON over HTTP, for commands that talk to a site. */

/** What a site answered: its status, document and the tag of what that is. `match` is the tag of what a change is for. Rejects with a message that names the address. */
export async function requestJson(
  url: string,
  {
    method = "GET",
    body,
    token,
    siteToken,
    match,
    timeoutMs = 10_000,
  }: {
    readonly method?: string;
    readonly body?: unknown;
    readonly token?: string | undefined;
    /** Of a session with the site, beside the one with a meter. */
    readonly siteToken?: string | undefined;
    readonly match?: string | undefined;
    readonly timeoutMs?: number;
  } = {},
): Promise<{ readonly status: number; readonly value: unknown; readonly tag: string | undefined }> {
  let response: Response;
  try {
    response = await fetch(url, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      headers: {
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
        ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
        ...(siteToken === undefined ? {} : { "Polyphase-Session": siteToken }),
        ...(match === undefined ? {} : { "If-Match": match }),
      },
      signal: AbortSignal.timeout(timeoutMs),
    });
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
    throw new Error(`cannot reach ${url}: ${cause}`, { cause: error });
  }
  const text = await response.text();
  try {
    return { status: response.status, value: JSON.parse(text), tag: response.headers.get("ETag") ?? undefined };
  } catch (error) {
    throw new Error(`${url} answered with something that is no JSON: ${text.slice(0, 80)}`, { cause: error });
  }
}
