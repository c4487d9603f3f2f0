/** What is wrong with an SCL file, each with its place: the rest of the file is read all the same. */
import { limits } from "#quantity/limits.ts";
import type { XmlElement } from "#io/xml.ts";

export interface Problem {
  readonly line: number;
  readonly column: number;
  /** An error keeps the file from being used; a warning says what is not taken, or is not as the standard has it. */
  readonly kind: "error" | "warning";
  /** What it is of, and what is wrong: "MTR/MMXU1.PhV: the type WYE_X does not exist". */
  readonly words: string;
}

type Place = Pick<XmlElement, "line" | "column">;

export class Problems {
  readonly #found: Problem[] = [];
  #errors = 0;
  /** More than are kept in words. */
  #more = 0;

  error(at: Place, words: string): void {
    this.#errors++;
    this.#add({ line: at.line, column: at.column, kind: "error", words });
  }

  warn(at: Place, words: string): void {
    this.#add({ line: at.line, column: at.column, kind: "warning", words });
  }

  #add(problem: Problem): void {
    if (this.#found.length < limits.scl.problems) this.#found.push(problem);
    else this.#more++;
  }

  /** In the order of the file; the last one says how many there are beyond those that are kept. */
  list(): readonly Problem[] {
    const sorted = this.#found.toSorted((a, b) => a.line - b.line || a.column - b.column);
    const last = sorted.at(-1);
    if (last === undefined || this.#more === 0) return sorted;
    const isKept = this.#errors === sorted.filter(({ kind }) => kind === "error").length;
    return [...sorted, { ...last, kind: isKept ? "warning" : "error", words: `${this.#more} more problems` }];
  }
}

export function hasErrors(problems: readonly Problem[]): boolean {
  return problems.some(({ kind }) => kind === "error");
}

/** "meter.cid:12:4: error: …", as compilers write it. */
export function problemText(file: string, { line, column, kind, words }: Problem): string {
  return `${file}:${line}:${column}: ${kind}: ${words}`;
}
