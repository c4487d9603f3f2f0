/** What the elements of PDUs of MMS (ISO 9506-2) are called. */
import { decodeData } from "#protocol/iec61850/mms/data-codec.ts";
import { accessErrorText } from "#protocol/iec61850/mms/access-error-words.ts";
import { dataText } from "#protocol/iec61850/mms/data-words.ts";
import { serviceErrorText } from "#protocol/iec61850/mms/error-words.ts";
import { hasBit, parameterBits, serviceBits } from "#protocol/iec61850/mms/initiate.ts";
import { bitString } from "#protocol/iec61850/mms/data-codec.ts";
import { errorClasses } from "#protocol/iec61850/mms/service-error.ts";
import { deleteScopes } from "#protocol/iec61850/mms/variable-list.ts";
import { flag, nothing, number, text, words, type Shape } from "./ber-shapes.ts";

const kinds: Readonly<Record<number, string>> = {
  0xa1: "array",
  0xa2: "structure",
  0x83: "boolean",
  0x84: "bits",
  0x85: "integer",
  0x86: "unsigned",
  0x87: "float",
  0x89: "octets",
  0x8a: "text",
  0x8b: "time",
  0x8c: "time of entry",
  0x8d: "bcd",
  0x8e: "booleans",
  0x8f: "object identifier",
  0x90: "unicode text",
  0x91: "instant",
};

/** A value, by its tag. */
export function data(tag: number): Shape {
  const name = kinds[tag] ?? `data ${tag.toString(16)}`;
  if (tag === 0xa1 || tag === 0xa2) return { name, each: data };
  return { name, say: (element) => dataText(decodeData(element)) };
}

const failure: Shape = {
  name: "failure",
  say: (element) => `${element.unsigned()}: ${accessErrorText(element.unsigned())}`,
};
export const results = (name: string): Shape => ({ name, each: (tag) => (tag === 0x80 ? failure : data(tag)) });

const objectName: Readonly<Record<number, Shape>> = {
  0x80: text("name, of the device"),
  0xa1: { name: "name in a domain", inOrder: [text("domain"), text("name")] },
  0x82: text("name, of the association"),
};

const range: Shape = { name: "range", by: { 0x80: number("first"), 0x81: number("how many") } };
const selection: Readonly<Record<number, Shape>> = {
  0x81: text("component"),
  0x82: number("index"),
  0xa3: range,
  0x84: nothing("all elements"),
};
const parts: Shape = {
  name: "parts of it",
  each(tag) {
    if (tag === 0xa0)
      return {
        name: "selection",
        by: { 0x80: text("component"), 0x81: number("index"), 0xa2: range, 0x83: nothing("all elements"), 0x30: parts },
      };
    if (tag === 0xa5) return { name: "named part", by: { 0x80: text("name"), ...selection }, each: () => parts };
    return selection[tag] ?? { name: `element ${tag.toString(16)}` };
  },
};

const variable: Shape = { name: "variable", by: { 0xa0: { name: "variable by name", by: objectName }, 0xa5: parts } };
const variables = (name: string): Shape => ({ name, each: () => variable });
export const access: Readonly<Record<number, Shape>> = {
  0xa0: variables("variables"),
  0xa1: { name: "list of variables", by: objectName },
};

const width = (name: string): Shape => ({
  name,
  say(element) {
    const value = element.integer();
    return value < 0 ? `at most ${-value}` : String(value);
  },
});
function type(tag: number): Shape {
  const name = kinds[tag === 0xa7 ? 0x87 : tag] ?? `type ${tag.toString(16)}`;
  if (tag === 0xa1)
    return { name, by: { 0x80: flag("packed"), 0x81: number("elements"), 0xa2: { name: "of", each: type } } };
  if (tag === 0xa2) return { name, by: { 0x80: flag("packed"), 0xa1: { name: "components", each: () => component } } };
  if (tag === 0xa7) return { name, inOrder: [number("width"), number("exponent")] };
  if (tag === 0x8c) return { name, say: (element) => (element.boolean() ? "with the date" : "without the date") };
  return { name, say: (element) => (element.to === element.from ? "" : (width(name).say?.(element) ?? "")) };
}
const component: Shape = { name: "component", by: { 0x80: text("name"), 0xa1: { name: "type", each: type } } };

const fileName = (name: string): Shape => ({ name, each: () => text("component") });
const attributes: Shape = { name: "attributes", by: { 0x80: number("size"), 0x81: text("modified") } };
const place: Shape = { name: "place", by: { 0x80: octets("time"), 0x81: octets("entry") } };

function octets(name: string): Shape {
  return { name, say: (element) => `${element.to - element.from} octets` };
}

/** Services by the tags of their requests. */
export const requests: Readonly<Record<number, Shape>> = {
  0x80: flag("status, extended"),
  0x82: nothing("identify"),
  0xa1: {
    name: "getNameList",
    by: {
      0xa0: {
        name: "class of objects",
        by: { 0x80: words("class", { 0: "named variable", 2: "named variable list", 8: "journal", 9: "domain" }) },
      },
      0xa1: { name: "scope", by: { 0x80: nothing("device"), 0x81: text("domain"), 0x82: nothing("association") } },
      0x82: text("continue after"),
    },
  },
  0xa4: { name: "read", by: { 0x80: flag("with specification"), 0xa1: { name: "what", by: access } } },
  0xa5: { name: "write", each: (tag, k) => (k === 0 ? access[tag] : undefined) ?? results("values") },
  0xa6: { name: "getVariableAccessAttributes", by: { 0xa0: { name: "variable by name", by: objectName } } },
  0xab: { name: "defineNamedVariableList", by: { ...objectName, 0xa0: variables("variables") } },
  0xac: { name: "getNamedVariableListAttributes", by: objectName },
  0xad: {
    name: "deleteNamedVariableList",
    by: {
      0x80: words("scope", { ...deleteScopes }),
      0xa1: { name: "lists", each: (tag) => objectName[tag] ?? text("name") },
      0x82: text("domain"),
    },
  },
  0xbf2e: { name: "obtainFile", by: { 0xa1: fileName("source"), 0xa2: fileName("destination") } },
  0xbf41: {
    name: "readJournal",
    by: {
      0xa0: { name: "journal", by: objectName },
      0xa1: place,
      0xa2: { name: "until", by: { 0x80: octets("time"), 0x81: number("entries") } },
      0xa4: { name: "variables", each: () => text("variable") },
      0xa5: { ...place, name: "after" },
    },
  },
  0xbf43: { name: "initializeJournal", by: { 0xa0: { name: "journal", by: objectName }, 0xa1: place } },
  0xbf47: { name: "getCapabilityList", each: () => text("continue after") },
  0xbf48: { name: "fileOpen", by: { 0xa0: fileName("file"), 0x81: number("position") } },
  0x9f49: number("fileRead, of file"),
  0x9f4a: number("fileClose, of file"),
  0xbf4b: { name: "fileRename", by: { 0xa0: fileName("from"), 0xa1: fileName("to") } },
  0xbf4c: { name: "fileDelete", each: () => text("component") },
  0xbf4d: { name: "fileDirectory", by: { 0xa0: fileName("which"), 0xa1: fileName("continue after") } },
};

const entry: Shape = {
  name: "entry",
  by: {
    0x80: octets("entry"),
    0xa1: { name: "who made it", each: () => nothing("application") },
    0xa2: {
      name: "content",
      by: {
        0x80: octets("time"),
        0xa2: {
          name: "data",
          by: {
            0xa1: {
              name: "variables",
              each: () => ({ name: "variable", by: { 0x80: text("tag"), 0xa1: { name: "value", each: data } } }),
            },
          },
        },
      },
    },
  },
};

export const responses: Readonly<Record<number, Shape>> = {
  0xa0: {
    name: "status",
    by: {
      0x80: words("logical", {
        0: "state changes allowed",
        1: "none allowed",
        2: "limited services",
        3: "support services",
      }),
      0x81: words("physical", {
        0: "operational",
        1: "partially operational",
        2: "inoperable",
        3: "needs commissioning",
      }),
    },
  },
  0xa1: {
    name: "getNameList",
    by: { 0xa0: { name: "names", each: () => text("name") }, 0x81: flag("more follow") },
  },
  0xa2: { name: "identify", by: { 0x80: text("vendor"), 0x81: text("model"), 0x82: text("revision") } },
  0xa4: { name: "read", by: { 0xa0: { name: "what", by: access }, 0xa1: results("results") } },
  0xa5: { name: "write", by: { 0x80: failure, 0x81: nothing("success") } },
  0xa6: {
    name: "getVariableAccessAttributes",
    by: { 0x80: flag("deletable"), 0xa2: { name: "type", each: type } },
  },
  0x8b: nothing("defineNamedVariableList: defined"),
  0xac: { name: "getNamedVariableListAttributes", by: { 0x80: flag("deletable"), 0xa1: variables("variables") } },
  0xad: { name: "deleteNamedVariableList", by: { 0x80: number("matched"), 0x81: number("deleted") } },
  0x9f2e: nothing("obtainFile: obtained"),
  0xbf41: { name: "readJournal", by: { 0xa0: { name: "entries", each: () => entry }, 0x81: flag("more follow") } },
  0x9f43: number("initializeJournal, entries deleted"),
  0xbf47: {
    name: "getCapabilityList",
    by: { 0x30: { name: "capabilities", each: () => text("capability") }, 0x01: flag("more follow") },
  },
  0xbf48: { name: "fileOpen", by: { 0x80: number("file"), 0xa1: attributes } },
  0xbf49: { name: "fileRead", by: { 0x80: octets("piece"), 0x81: flag("more follow") } },
  0x9f4a: nothing("fileClose: closed"),
  0x9f4b: nothing("fileRename: renamed"),
  0x9f4c: nothing("fileDelete: deleted"),
  0xbf4d: {
    name: "fileDirectory",
    by: {
      0xa0: {
        name: "files",
        each: () => ({
          name: "list",
          each: () => ({ name: "file", by: { 0xa0: fileName("name"), 0xa1: attributes } }),
        }),
      },
      0x81: flag("more follow"),
    },
  },
};

const classNames = Object.keys(errorClasses) as (keyof typeof errorClasses)[];
export const errorShape: Shape = {
  name: "error",
  by: {
    0xa0: {
      name: "class",
      each(tag) {
        const name = classNames[tag - 0x80];
        if (name === undefined) return number("code");
        return { name: "code", say: (element) => serviceErrorText({ class: name, code: element.integer() }) };
      },
    },
    0x81: number("additional code"),
    0x82: text("description"),
  },
};

function bitsIn(name: string, table: Readonly<Record<string, number>>): Shape {
  return {
    name,
    say(element) {
      const bits = bitString(element);
      return Object.keys(table)
        .filter((one) => hasBit(bits, table[one] ?? -1))
        .join(", ");
    },
  };
}

export const initiate = (name: string): Shape => ({
  name,
  by: {
    0x80: number("longest PDU"),
    0x81: number("requests under way, calling"),
    0x82: number("requests under way, called"),
    0x83: number("nesting"),
    0xa4: {
      name: "detail",
      by: {
        0x80: number("version"),
        0x81: bitsIn("parameters", parameterBits),
        0x82: bitsIn("services", serviceBits),
      },
    },
  },
});
