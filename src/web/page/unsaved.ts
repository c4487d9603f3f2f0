/** What somebody has changed on the page and not applied yet: he is asked before it goes. */
import { signal } from "@preact/signals";

/** Meters whose drafts differ. */
const drafts = signal<ReadonlySet<string>>(new Set());

function ask(event: BeforeUnloadEvent): void {
  event.preventDefault();
}

export function noteDraft(meter: string, differs: boolean): void {
  if (drafts.value.has(meter) === differs) return;
  const next = new Set(drafts.value);
  if (differs) next.add(meter);
  else next.delete(meter);
  drafts.value = next;
  // Without anything to ask for, a browser goes back to the page as it was, at once.
  if (next.size > 0) addEventListener("beforeunload", ask);
  else removeEventListener("beforeunload", ask);
}

export function hasDraftOf(meter: string): boolean {
  return drafts.value.has(meter);
}

export function hasDrafts(): boolean {
  return drafts.value.size > 0;
}

/** Whoever has been logged out loses nothing by it that is kept: he is not asked. */
export function askNoMore(): void {
  removeEventListener("beforeunload", ask);
}
