/** JSON over HTTP, for commands that talk to a site. Whatever answers there is taken in up to a size, within one time for all of it. */
import { parseJson } from "#quantity/json-text.ts";
import { limits } from "#quantity/limits.ts";

export interface HttpRequest {
  readonly method?: string;
  /** What JSON is made of. */
  readonly body?: unknown;
  readonly token?: string | undefined;
  /** Of a session with the site, beside the one with a meter. */
  readonly siteToken?: string | undefined;
  /** The tag of what a change is for. */
  readonly match?: string | undefined;
  /** The tag of what is there already: it is not sent again (status 304). */
  readonly noneMatch?: string | undefined;
  readonly timeoutMs?: number;
}

/** What a site answered: its status, bytes and the tag of what they are. Rejects with a message that names the address. */
export async function requestBytes(
  url: string,
  { method = "GET", body, token, siteToken, match, noneMatch, timeoutMs = 10_000 }: HttpRequest = {},
): Promise<{ readonly status: number; readonly bytes: Uint8Array; readonly tag: string | undefined }> {
  const signal = AbortSignal.timeout(timeoutMs);
  let response: Response;
  let bytes: Uint8Array | undefined;
  try {
    response = await fetch(url, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      headers: {
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
        ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
        ...(siteToken === undefined ? {} : { "Polyphase-Session": siteToken }),
        ...(match === undefined ? {} : { "If-Match": match }),
        ...(noneMatch === undefined ? {} : { "If-None-Match": noneMatch }),
      },
      // Whoever is asked answers: what is shown here may be meant for nobody else.
      redirect: "manual",
      signal,
    });
    bytes = await bytesOf(response);
  } catch (error) {
    if (signal.aborted) throw new Error(`${url} did not answer in full within ${timeoutMs / 1000} s`, { cause: error });
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
    const doubt = doubtOf(error);
    if (doubt !== undefined) throw new Error(`${url} is reached, but ${doubt}`, { cause: error });
    throw new Error(`cannot reach ${url}: ${cause}`, { cause: error });
  }
  const { status, headers } = response;
  if (bytes === undefined) throw new Error(`${url} answers with more than ${limits.reader.answerBytes} bytes`);
  if (status >= 300 && status < 400 && status !== 304)
    throw new Error(`${url} leads elsewhere (HTTP status ${status}), which is not followed`);
  return { status, bytes, tag: headers.get("ETag") ?? undefined };
}

/** The same of JSON: the document. */
export async function requestJson(
  url: string,
  request: HttpRequest = {},
): Promise<{ readonly status: number; readonly value: unknown; readonly tag: string | undefined }> {
  const { status, bytes, tag } = await requestBytes(url, request);
  return { status, value: jsonOf(url, bytes), tag };
}

/** The document that a site answered with. Throws an Error that names the address. */
export function jsonOf(url: string, bytes: Uint8Array): unknown {
  const text = new TextDecoder().decode(bytes);
  try {
    return parseJson(text, limits.reader);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw new Error(`${url}: ${String(error)}`, { cause: error });
    throw new Error(`${url} answered with something that is no JSON: ${text.slice(0, 80)}`, { cause: error });
  }
}

/** By what OpenSSL and Node call it. */
const unknownAuthority =
  "its certificate is none of an authority that is believed here: NODE_EXTRA_CA_CERTS=FILE names the certificate of one (PEM)";
const doubts: Readonly<Record<string, string>> = {
  SELF_SIGNED_CERT_IN_CHAIN: unknownAuthority,
  DEPTH_ZERO_SELF_SIGNED_CERT: unknownAuthority,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: unknownAuthority,
  UNABLE_TO_GET_ISSUER_CERT: unknownAuthority,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: unknownAuthority,
  CERT_HAS_EXPIRED: "its certificate has expired",
  CERT_NOT_YET_VALID: "its certificate is not valid yet",
};

/** Why the certificate of who answers is not believed; undefined where something else is wrong. */
function doubtOf(error: unknown): string | undefined {
  const cause = error instanceof Error ? error.cause : undefined;
  const { code, cert } = (cause ?? {}) as { code?: string; cert?: { subjectaltname?: string } };
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID")
    return `its certificate is for other names (${cert?.subjectaltname ?? "none"}): ask for it by one of these`;
  return doubts[code ?? ""];
}

/** The body of an answer; undefined of one that goes on for longer than an answer may, and is given up. */
async function bytesOf({ body }: Response): Promise<Uint8Array | undefined> {
  const parts: Uint8Array[] = [];
  if (body === null) return new Uint8Array();
  let bytes = 0;
  // Leaving the loop lets go of the connection.
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > limits.reader.answerBytes) return undefined;
    parts.push(chunk);
  }
  return Buffer.concat(parts, bytes);
}
