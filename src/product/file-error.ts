/** What is wrong with a file that people write, key by key. */
import { limits } from "#quantity/limits.ts";
import { withLines } from "./file-lines.ts";

/**
 * One line for each thing that is wrong with a file; of many the first of them, and how many more there are (firstOf). Of whom has
 * the file before him the `text` is given: then its message says on which line.
 */
export class FileError extends Error {
  readonly file: string;
  readonly problems: readonly string[];

  /** `what` is said of the file as a whole; that it is not valid unless said. */
  constructor(file: string, problems: readonly string[], text?: string, what = "is not valid") {
    const told = text === undefined ? problems : withLines(text, problems);
    // What a file holds ends no line here.
    const lines = told.map((problem) => `  ${problem.replaceAll("\n", String.raw`\n`)}`);
    super([`${file} ${what}:`, ...lines].join("\n"));
    this.name = "FileError";
    this.file = file;
    this.problems = problems;
  }
}

/** As many problems as somebody reads, each as long as somebody reads, and how many more there are; `more` that are not listed. */
export function firstOf(problems: readonly string[], more = 0): readonly string[] {
  const { problems: most, problemCharacters } = limits.configuration;
  const told = problems.slice(0, most).map((one) => shortened(one, problemCharacters));
  const rest = problems.length - told.length + more;
  return rest > 0 ? [...told, `and ${rest} more`] : told;
}

function shortened(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most)}…`;
}
