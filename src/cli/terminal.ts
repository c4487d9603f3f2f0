/**
 * What is shown, and the one place where anything is: what peers, files and people have said brings no control characters to the
 * terminal. Colours and progress are for a terminal only.
 */
import { styleText } from "node:util";
import { jsonLines, lines, plain } from "./harmless.ts";

type Style = "bold" | "dim" | "green" | "yellow" | "red" | "cyan";

/** Text that is shown as it is: colours made here, and what else was made harmless. */
export class Shown {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

function harmless(text: string | Shown): string {
  return typeof text === "string" ? lines(text) : text.text;
}

/** A template of texts, which are made harmless, and of what is shown as it is. */
export function shown(parts: TemplateStringsArray, ...values: readonly (string | Shown)[]): Shown {
  return new Shown(parts.map((part, k) => part + harmless(values[k] ?? "")).join(""));
}

/** One below the other. */
export function below(texts: readonly (string | Shown)[], between = "\n"): Shown {
  return new Shown(texts.map(harmless).join(between));
}

/** `text` in a style on a terminal, as it is elsewhere (and where NO_COLOR is set). */
export function styled(style: Style, text: string): Shown {
  return new Shown(styleText(style, lines(text), { stream: process.stdout }));
}

/** JSON, in which every control character is written as JSON writes it. */
export function asJson(document: unknown): Shown {
  return new Shown(jsonLines(JSON.stringify(document, undefined, 2)));
}

/** The same on one line. */
export function asJsonLine(document: unknown): Shown {
  return new Shown(jsonLines(JSON.stringify(document)));
}

/** Says something on standard output, with the end of a line. */
export function say(text: string | Shown): void {
  process.stdout.write(`${harmless(text)}\n`);
}

/** Says something beside the output, on standard error. */
export function complain(text: string | Shown): void {
  process.stderr.write(`${harmless(text)}\n`);
}

/** A question that is answered on the same line. */
export function question(text: string): void {
  process.stderr.write(harmless(text));
}

/** Says on one line what somebody should look at. */
export function note(text: string): void {
  complain(shown`${styled("yellow", "note")}  ${plain(text)}`);
}

/** Writes text and waits until it is taken: whatever follows may rely on it. Rejects with OutputLost. */
export function write(text: string | Shown): Promise<void> {
  return written(harmless(text));
}

function written(content: string | Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(content, (error) => {
      if (error === null || error === undefined) resolve();
      else reject(new OutputLost());
    });
  });
}

/** Writes what a file holds: octet by octet, and on a terminal as text that is made harmless. */
export function writeContent(content: Uint8Array): Promise<void> {
  return written(process.stdout.isTTY ? lines(new TextDecoder().decode(content)) : content);
}

/** What was to be written cannot be. Nobody has to be told: `watchOutput` has, where there is somebody. */
export class OutputLost extends Error {
  override readonly name = "OutputLost";
}

/** Whether nobody is left to read: a pipe that was closed, a terminal that was. */
function isGone({ code }: NodeJS.ErrnoException): boolean {
  return code === "EPIPE" || code === "ECONNRESET" || (code === "EIO" && process.stdout.isTTY);
}

/**
 * What becomes of output that nobody takes. Whoever read it and has gone (`| head`) has all that he wanted: the work goes on
 * without a word. A disk that is full ends with status 1, and is said once.
 */
export function watchOutput(): void {
  let failed = false;
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (isGone(error) || failed) return;
    failed = true;
    complain(`polyphase: cannot write the output: ${error.code === "ENOSPC" ? "the disk is full" : error.message}`);
  });
  // There is nowhere left to say it.
  process.stderr.on("error", () => {});
  process.on("exit", () => {
    if (failed) process.exitCode = 1;
  });
}

/** Shows a line that is overwritten by the next; nothing unless standard error is a terminal. */
export function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${plain(text)}`);
}

export function progressDone(): void {
  if (process.stderr.isTTY) process.stderr.write("\r\u001b[K");
}

/** Columns of equal width, the last as long as it is; `right` are the indices of right-aligned columns. */
export function table(given: readonly (readonly string[])[], right: readonly number[] = []): string {
  const rows = given.map((row) => row.map(plain));
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
