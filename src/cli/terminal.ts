/** What is shown depends on who looks: colours and progress are for a terminal only. */
import { styleText } from "node:util";

type Style = "bold" | "dim" | "green" | "yellow" | "red" | "cyan";

/** `text` in a style on a terminal, as it is elsewhere (and where NO_COLOR is set). */
export function styled(style: Style, text: string): string {
  return styleText(style, text, { stream: process.stdout });
}

/** Shows a line that is overwritten by the next; nothing unless standard error is a terminal. */
export function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`);
}

export function progressDone(): void {
  if (process.stderr.isTTY) process.stderr.write("\r\u001b[K");
}

/** Columns of equal width, the last as long as it is; `right` are the indices of right-aligned columns. */
export function table(rows: readonly (readonly string[])[], right: readonly number[] = []): string {
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, k) => (widths[k] = Math.max(widths[k] ?? 0, cell.length)));
  return rows
    .map((row) =>
      row
        .map((cell, k) => {
          if (right.includes(k)) return cell.padStart(widths[k] ?? 0);
          return k === row.length - 1 ? cell : cell.padEnd(widths[k] ?? 0);
        })
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
