/**
 * The log of a running site: every notice with its level, its time in UTC, its meter. Lines for people on a terminal, otherwise a JSON object
 * a line. Whoever does not read it stops nobody: what waits has a bound, and what is lost beyond it is counted and said.
 */
import { fstatSync, writeSync } from "node:fs";
import { pino } from "pino";
import type { Level, Notice } from "#fleet/notice.ts";
import { limits } from "#quantity/limits.ts";
import { jsonLines, plain } from "./harmless.ts";
import { below, complain, progressDone, shown, styled, type Shown } from "./terminal.ts";

export const logForms = ["text", "json"] as const;
export type LogForm = (typeof logForms)[number];

/** Where lines go. */
export interface LogOutput {
  /** Takes a line, or says that there is no room for it. */
  take(line: string): boolean;
}

/** The part of a writable stream that a log needs. */
export interface LogStream {
  readonly writable: boolean;
  /** Bytes that wait. */
  readonly writableLength: number;
  write(line: string): boolean;
}

/** A pipe, a socket or a terminal: what its reader does not take waits in this process, so much and no more. */
export function outputOf(stream: LogStream, most: number = limits.log.waitingBytes): LogOutput {
  return {
    take(line) {
      if (!stream.writable || stream.writableLength + Buffer.byteLength(line) > most) return false;
      stream.write(line);
      return true;
    },
  };
}

/** A file: a disk that is full today may have room tomorrow. */
function fileOutput(fd: number): LogOutput {
  return {
    take(line) {
      try {
        writeSync(fd, line);
        return true;
      } catch {
        return false;
      }
    },
  };
}

/** Standard output for programs, standard error for people. */
function usual(form: LogForm): LogOutput {
  const stream = form === "json" ? process.stdout : process.stderr;
  const at = fstatSync(stream.fd);
  return at.isFIFO() || at.isSocket() || stream.isTTY ? outputOf(stream) : fileOutput(stream.fd);
}

/** A notice as pino writes it. */
interface Line {
  readonly level: Level;
  readonly time: string;
  readonly meter?: string;
  readonly msg: string;
}

const styles = { debug: "dim", info: "cyan", warn: "yellow", error: "red" } as const;

/** For people: to the second, and the level in a column of its own. */
function readable(line: string): Shown {
  const { level, time, meter, msg } = JSON.parse(line) as Line;
  const at = time.replace("T", " ").replace(/\.\d+Z$/, "Z");
  const words = meter === undefined ? msg : `${meter}: ${msg}`;
  return shown`${at}  ${styled(styles[level], level.padEnd(5))}  ${plain(words)}\n`;
}

export class Log {
  readonly form: LogForm;
  readonly #pino: ReturnType<typeof pino>;
  readonly #output: LogOutput;
  /** Lines that nobody has taken since the last that somebody took. */
  #lost = 0;

  constructor(form: LogForm, level: Level, output: LogOutput = usual(form)) {
    this.form = form;
    this.#output = output;
    this.#pino = pino(
      {
        level,
        // Of which process and machine a line is, whoever collects lines knows better.
        base: null,
        timestamp: pino.stdTimeFunctions.isoTime,
        formatters: { level: (label) => ({ level: label }) },
      },
      { write: (line: string) => this.#write(line) },
    );
  }

  notice({ level, meter, words }: Notice, more: Readonly<Record<string, unknown>> = {}): void {
    // What somebody should look at is found by one word, whatever its level is called where lines are collected.
    const kind = level === "warn" || level === "error" ? { kind: "note" } : {};
    this.#pino[level]({ ...kind, ...(meter === undefined ? {} : { meter }), ...more }, words);
  }

  #lose(): void {
    this.#lost++;
    // Where there is another way to a person he is told at once.
    if (this.#lost === 1 && this.form === "json")
      complain("polyphase: the log is not taken: its lines are lost from here on");
  }

  #write(line: string): void {
    if (this.form === "text") progressDone();
    // What peers and files have said brings no control characters.
    const made = this.form === "json" ? jsonLines(line) : below([readable(line)]).text;
    if (!this.#output.take(made)) return this.#lose();
    const lost = this.#lost;
    if (lost === 0) return;
    this.#lost = 0;
    const lines = lost === 1 ? "1 line" : `${lost} lines`;
    this.notice(
      { level: "warn", words: `${lines} of this log before the last one were lost: nobody took them` },
      { lost },
    );
  }
}
