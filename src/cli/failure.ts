import { UrlError } from "#headend/place.ts";
import { readText } from "#io/file.ts";
import { FileError } from "#product/file-error.ts";
import { withLines } from "#product/file-lines.ts";
import { plain } from "./harmless.ts";
import { OutputLost } from "./terminal.ts";

/** What a person should read instead of a stack, and the exit status that programs see. */
export class Failure extends Error {
  readonly status: 1 | 2;

  /** `lines` are what the other side has said that has more than one. */
  constructor(message: string, status: 1 | 2, lines: readonly string[] = []) {
    // What the other side has said is one line; what is wrong with words and files has several.
    super([status === 1 ? plain(message) : message, ...lines.map((line) => `  ${plain(line)}`)].join("\n"));
    this.name = "Failure";
    this.status = status;
  }
}

/** Runs `work`; its errors become a Failure of `status`, unless they are one already; of what is wrong with words, one of 2. */
export function orFail<T>(status: 1 | 2, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw asFailure(error, status);
  }
}

/** Throws OutputLost, which is no failure: nobody is there who would read of one. */
export function asFailure(error: unknown, status: 1 | 2): Failure {
  if (error instanceof OutputLost) throw error;
  if (error instanceof Failure) return error;
  const message = error instanceof Error ? error.message : String(error);
  // Of lines there are more only where a file has more than one that is wrong.
  return new Failure(error instanceof FileError ? message : plain(message), error instanceof UrlError ? 2 : status);
}

export async function orFailLater<T>(status: 1 | 2, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw asFailure(error, status);
  }
}

/** Why what a file says could not be, with the line that it is about. */
export function failureIn(file: string, error: unknown, other: 1 | 2): Failure {
  const { message, status } = asFailure(error, other);
  const [placed = message] = withLines(
    orFail(other, () => readText(file)),
    [message],
  );
  return new Failure(placed === message ? message : `${file}, ${placed}`, status);
}

/** Why a site could not be made of a file: with the line, where it is about a key of an entry. */
export function unmadeIn(file: string, error: unknown, status: 1 | 2): Failure {
  const isOfKey = error instanceof Error && /^(meters|devices)\[\d+\]\./.test(error.message);
  return isOfKey ? failureIn(file, error, status) : asFailure(error, status);
}
