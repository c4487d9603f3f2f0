/** A meter as a site file has it, written for people. */
import { Document } from "yaml";

/** Keys whose values stand on one line, each. */
const options = { lineWidth: 0, flowCollectionPadding: true } as const;

/** On one line: { modbus: tcp, port: 1502 }. */
export function asFlow(value: unknown): string {
  const document = new Document();
  const node = document.createNode(value, { flow: true, aliasDuplicateObjects: false });
  document.contents = node as typeof document.contents;
  return document.toString(options).trimEnd();
}

/** An entry of a list whose dashes stand in a column: a key a line, a listener a line. */
export function asBlock(entry: Readonly<Record<string, unknown>>, column: number): string {
  const lines = Object.entries(entry).flatMap(([key, value]) => {
    if (key !== "listen" || !Array.isArray(value) || value.length === 0) return [pairText(key, value)];
    return [`${key}:`, ...value.map((one: unknown) => `  - ${asFlow(one)}`)];
  });
  const indent = " ".repeat(column);
  return lines.map((line, k) => `${indent}${k === 0 ? "- " : "  "}${line}`).join("\n");
}

function pairText(key: string, value: unknown): string {
  const text = asFlow({ [key]: value });
  // Without the braces of the object that it was written in.
  return text.slice(1, -1).trim();
}

export function asJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, undefined, indent);
}
