/** JSON from somebody else: how much of it there is is known before any of it is made. */

/** What a text may hold at most. */
export interface JsonBounds {
  /** Lists and objects within each other. */
  readonly depth: number;
  /** Keys of one object. */
  readonly keys: number;
  /** Numbers, texts, lists and objects; a key and its value are one. */
  readonly values: number;
}

/** What a text holds too much of, or twice, in words. */
export class JsonProblem extends Error {
  constructor(message: string) {
    super(message);
    this.name = "JsonProblem";
  }
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];

/**
 * The value of a text; throws JsonProblem of one that holds too much, or a key twice, and SyntaxError of what is no JSON. Takes as
 * long as the text is, whatever it is.
 */
export function parseJson(text: string, { depth, keys: most, values }: JsonBounds): unknown {
  /** Keys so far of each object, and nothing of each list, that are open. */
  const open: (Set<string> | undefined)[] = [];
  let count = 1;
  for (let k = 0; k < text.length; k++) {
    const unit = text.codePointAt(k);
    if (unit === QUOTE) {
      const end = endOfText(text, k);
      const keys = open.at(-1);
      if (keys !== undefined && isKey(text, end)) {
        const key = text.slice(k + 1, end);
        if (keys.has(key)) throw new JsonProblem(`${key}: this key stands there twice`);
        keys.add(key);
        if (keys.size > most) throw new JsonProblem(`expected at most ${most} keys of one object`);
      }
      k = end;
    } else if (unit === COMMA) count++;
    else if (unit === OPEN_LIST || unit === OPEN_OBJECT) {
      count++;
      open.push(unit === OPEN_OBJECT ? new Set() : undefined);
      if (open.length > depth) throw new JsonProblem(`expected at most ${depth} lists and objects within each other`);
    } else if (unit === CLOSE_LIST || unit === CLOSE_OBJECT) open.pop();
    if (count > values) throw new JsonProblem(`expected at most ${values} values`);
  }
  return JSON.parse(text);
}

/** Where the quotes close that open at `from`; the end of what never does. */
function endOfText(text: string, from: number): number {
  for (let k = from + 1; k < text.length; k++) {
    const unit = text.codePointAt(k);
    if (unit === QUOTE) return k;
    if (unit === BACKSLASH) k++;
  }
  return text.length;
}

/** Whether a colon follows. */
function isKey(text: string, end: number): boolean {
  let k = end + 1;
  while (k < text.length && /\s/.test(text[k] ?? "")) k++;
  return text.codePointAt(k) === COLON;
}
