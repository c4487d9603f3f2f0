/** Files that are dropped anywhere on the page, and the way to where they are looked at. */
import { signal } from "@preact/signals";
import { goTo } from "./visit.ts";

/** What was dropped last. */
export const dropped = signal<readonly File[]>([]);
/** Whether files are over the page. */
export const isOver = signal(false);

const hasFiles = ({ dataTransfer }: DragEvent): boolean => dataTransfer?.types.includes("Files") === true;

export function beginDropping(): void {
  let left = 0;
  addEventListener("dragover", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    isOver.value = true;
    clearTimeout(left);
    // A browser says that they are over it a few times a second, and nothing when they have left.
    left = window.setTimeout(() => (isOver.value = false), 400);
  });
  addEventListener("drop", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    clearTimeout(left);
    isOver.value = false;
    const files = [...(event.dataTransfer?.files ?? [])];
    if (files.length === 0) return;
    dropped.value = files;
    goTo({ meter: undefined, section: "viewer" });
  });
}
