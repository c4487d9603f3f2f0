/**
 * Drafts of configurations, kept by the browser for as long as its tab is open: a page that is loaded anew goes on with them, also after somebody had
 * to log in to the site again. They are his alone, and have no secrets.
 */
import type { Json } from "./configuration-value.ts";

/** What begins so stays when a session with the site ends. */
export const DRAFT = "polyphase draft ";

export interface KeptDraft {
  /** Of the site; "" of whoever is let in without. */
  readonly user: string;
  readonly tag: string;
  readonly base: Json;
  readonly mine: Json;
}

type Shelf = Pick<Storage, "getItem" | "setItem" | "removeItem">;

function isDraft(value: unknown): value is KeptDraft {
  return typeof value === "object" && value !== null && ["user", "tag", "base", "mine"].every((key) => key in value);
}

/** The draft of a meter by somebody; that of somebody else is removed. */
export function keptDraft(shelf: Shelf, meter: string, user: string): KeptDraft | undefined {
  try {
    const draft: unknown = JSON.parse(shelf.getItem(DRAFT + meter) ?? "null");
    if (isDraft(draft) && draft.user === user) return draft;
    shelf.removeItem(DRAFT + meter);
  } catch {
    // What cannot be read is none.
  }
  return undefined;
}

/** Keeps a draft, or none. */
export function keepDraft(shelf: Shelf, meter: string, draft: KeptDraft | undefined): void {
  try {
    if (draft === undefined) shelf.removeItem(DRAFT + meter);
    else shelf.setItem(DRAFT + meter, JSON.stringify(draft));
  } catch {
    // A browser that keeps nothing asks before the page goes.
  }
}

/** Forgets what somebody has seen whose session has ended; what he has made stays for him. */
export function forgetSeen(kept: Pick<Storage, "length" | "key" | "removeItem">): void {
  const keys = Array.from({ length: kept.length }, (_, k) => kept.key(k) ?? "");
  for (const key of keys) if (!key.startsWith(DRAFT)) kept.removeItem(key);
}
