/**
 * How the page asks the site. What it asks by itself, while nobody does anything at it, is no use of a session with a meter, and says so: a page that is
 * left alone is logged out there as if it were shut.
 */
import { signal } from "@preact/signals";

/** Milliseconds after somebody has done something at the page in which what it asks is asked by him. */
export const DEED_MS = 30_000;

/** By the page's own clock, which begins when somebody opens it. */
let doneAt = 0;

/** From now on what somebody does at the page counts. */
export function noteDeeds(): void {
  const note = (): void => void (doneAt = performance.now());
  for (const deed of ["pointerdown", "pointermove", "keydown", "wheel"])
    addEventListener(deed, note, { capture: true, passive: true });
}

/** Grows with each answer that says that somebody has to log in to a meter. */
export const sessionsAsked = signal(0);

/** What refused a request: the site, or the session with a meter that it takes. */
export async function refusedBy(answer: Response): Promise<string | undefined> {
  try {
    return ((await answer.clone().json()) as { readonly refused?: string }).refused;
  } catch {
    return undefined;
  }
}

export async function request(path: string, init: RequestInit = {}): Promise<Response> {
  const headers = new Headers(init.headers);
  if (performance.now() - doneAt > DEED_MS) headers.set("Polyphase-Unattended", "1");
  const answer = await fetch(path, { ...init, headers });
  if (answer.status === 401 && (await refusedBy(answer)) === "session") sessionsAsked.value++;
  return answer;
}
