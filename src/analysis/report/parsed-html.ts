/** HTML as a tree, for tests: elements that are closed, attributes in double quotes, and nothing else; it throws of what is not so. */

export interface Parsed {
  /** "#text" of words. */
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly Parsed[];
  /** All words in it, but those of styles. */
  readonly text: string;
  /** Elements of a name in it, itself among them; "*" of any name. */
  all(name: string): readonly Parsed[];
}

const voids = new Set(["meta"]);
const entities: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"' };

function wordsOf(text: string): string {
  return text.replaceAll(/&(\w*;?)/g, (whole, name: string) => {
    const word = name.endsWith(";") ? entities[name.slice(0, -1)] : undefined;
    if (word === undefined) throw new Error(`an ampersand that is no entity: ${whole}`);
    return word;
  });
}

class Element implements Parsed {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: Element[] = [];
  readonly #words: string;

  constructor(name: string, attributes: ReadonlyMap<string, string>, words = "") {
    this.name = name;
    this.attributes = attributes;
    this.#words = words;
  }

  get text(): string {
    if (this.name === "style") return "";
    return this.#words + this.children.map(({ text }) => text).join("");
  }

  all(name: string): readonly Element[] {
    const isIt = this.name !== "#text" && (name === "*" || this.name === name);
    return [...(isIt ? [this] : []), ...this.children.flatMap((child) => child.all(name))];
  }
}

export function parsed(html: string): Parsed {
  const prologue = "<!doctype html>\n";
  if (!html.startsWith(prologue)) throw new Error("no doctype");
  const root = new Element("#document", new Map());
  const open: Element[] = [root];
  const token = /<(\/?)([a-zA-Z][\w-]*)((?: [\w:-]+="[^"<]*")*)(\/?)>|([^<]+)/gy;
  token.lastIndex = prologue.length;
  let at = token.lastIndex;
  for (let match = token.exec(html); match !== null; match = token.exec(html)) {
    at = token.lastIndex;
    const [, closes, name, attributes = "", isEmpty, words] = match;
    const into = open.at(-1);
    if (into === undefined) throw new Error(`more ends than beginnings at ${at}`);
    if (words !== undefined) {
      into.children.push(new Element("#text", new Map(), into.name === "style" ? words : wordsOf(words)));
    } else if (closes === "/") {
      if (open.pop()?.name !== name) throw new Error(`</${name}> at ${at} closes <${into.name}>`);
    } else {
      const pairs = [...attributes.matchAll(/ ([\w:-]+)="([^"]*)"/g)].map(
        ([, key = "", value = ""]): [string, string] => [key, wordsOf(value)],
      );
      const made = new Element(name ?? "", new Map(pairs));
      if (made.attributes.size !== pairs.length) throw new Error(`an attribute twice at ${at}`);
      const isDrawing = made.name === "svg" || open.some((element) => element.name === "svg");
      if (isEmpty === "/" && !isDrawing) throw new Error(`<${made.name}/> at ${at} is not closed in HTML`);
      into.children.push(made);
      if (isEmpty !== "/" && !voids.has(made.name)) open.push(made);
    }
  }
  if (at !== html.length || open.length !== 1) {
    throw new Error(`not well formed at ${at}, in <${open.at(-1)?.name}>: ${html.slice(at, at + 60)}`);
  }
  return root;
}
