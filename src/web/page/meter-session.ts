/** Who somebody is to the meter that is looked at, and the one log-in there, whichever section he is in. */
import { computed, effect, signal, untracked } from "@preact/signals";
import type { MeterVisitorView } from "#quantity/meter-visitor-view.ts";
import { keepDraft } from "./configuration-kept.ts";
import { say } from "./language.ts";
import { askOf, placeOf } from "./site.ts";
import { DEED_MS, request, sessionsAsked } from "./site-request.ts";
import { meterSession as texts } from "./texts/meter-session.ts";
import { hasDraftOf } from "./unsaved.ts";

export interface LogInAsked {
  /** Somebody wants to; what he did takes it; the session that he had has ended. */
  readonly why: "asked" | "needed" | "ended";
  /** Goes on with what he wanted. */
  readonly goOn?: () => Promise<void>;
  /** He does not log in now. */
  readonly givenUp?: () => void;
}

/** The meter that is looked at; "" while none is. */
const at = signal("");
/** Undefined until the site has said. */
export const meterVisitor = signal<MeterVisitorView | undefined>(undefined);
export const logInAsked = signal<LogInAsked | undefined>(undefined);
/** Why nothing of the meter is shown. */
export const closed = computed(() => meterVisitor.value?.closed ?? undefined);

/** Who was logged in last, and to which meter. */
let last: { readonly meter: string; readonly user: string } | undefined;
let askedAt = 0;
/** The session ends because somebody logs out. */
let isLeaving = false;
const forgetting = new Set<(meter: string) => void>();

/** Runs when what somebody has made of a meter is nobody's any more: he has logged out of it, or another has logged in. */
export function whenForgotten(run: (meter: string) => void): void {
  forgetting.add(run);
}

function forget(meter: string): void {
  keepDraft(sessionStorage, meter, undefined);
  for (const run of forgetting) run(meter);
}

/** Another meter is looked at. */
export function visitMeter(meter: string): void {
  logInAsked.value?.givenUp?.();
  logInAsked.value = undefined;
  at.value = meter;
  meterVisitor.value = undefined;
  if (meter !== "") void askMeterVisitor();
}

/** Asks the meter who looks at it: what was known of that may have ended. */
export async function askMeterVisitor(): Promise<void> {
  const meter = at.peek();
  askedAt = performance.now();
  if (meter === "") return;
  try {
    const view = await askOf<MeterVisitorView>(meter, "session");
    if (at.peek() !== meter) return;
    const before = meterVisitor.peek()?.user ?? null;
    if (view.user === null && before !== null && !isLeaving) logInAsked.value ??= { why: "ended" };
    if (view.user !== null) last = { meter, user: view.user };
    meterVisitor.value = view;
  } catch {
    // The header says that the connection is lost; then it is asked again.
  }
}

/** To be called now and then: a session that times out is told, and whoever does something at the page uses it. */
export function lookAtSession(): void {
  const isIn = (meterVisitor.peek()?.user ?? null) !== null;
  if (isIn && performance.now() - askedAt > DEED_MS) void askMeterVisitor();
}

effect(() => {
  if (sessionsAsked.value > 0) untracked(() => void askMeterVisitor());
});

export function wantLogIn(asked: LogInAsked): void {
  const before = logInAsked.peek();
  before?.givenUp?.();
  const hasEnded = before?.why === "ended" || (meterVisitor.peek()?.user ?? null) !== null;
  logInAsked.value = hasEnded ? { ...asked, why: "ended" } : asked;
}

export function notNow(): void {
  const asked = logInAsked.peek();
  logInAsked.value = undefined;
  asked?.givenUp?.();
}

interface Said {
  readonly error?: string;
}

/** Says what was wrong, where somebody could not log in. */
export async function logInToMeter(user: string, password: string): Promise<string | undefined> {
  const meter = at.peek();
  try {
    const answer = await request(placeOf(meter, "session"), {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ user, password }),
    });
    const { error } = (await answer.json()) as Said;
    if (!answer.ok) return error ?? String(answer.status);
  } catch {
    return say(texts.siteSilent);
  }
  const isAnother = last?.meter === meter && last.user !== user;
  if (isAnother && meterVisitor.peek()?.usersOnly === true) forget(meter);
  const goOn = logInAsked.peek()?.goOn;
  logInAsked.value = undefined;
  await askMeterVisitor();
  await goOn?.();
  return undefined;
}

export async function logOutOfMeter(): Promise<void> {
  const meter = at.peek();
  // What the meter shows to its users only, a draft is made of: it goes with the session.
  const isOver = meterVisitor.peek()?.usersOnly === true;
  if (isOver && hasDraftOf(meter) && !confirm(say(texts.leaveAsk))) return;
  isLeaving = true;
  try {
    await (await request(placeOf(meter, "session"), { method: "DELETE" })).text();
    if (isOver) forget(meter);
    await askMeterVisitor();
  } catch {
    // He is logged in still, and is shown to be.
  } finally {
    isLeaving = false;
  }
}
