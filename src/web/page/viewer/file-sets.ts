/** Files that were dropped together, as recordings: what is in several files is one. */
import { recordingExtensions } from "#format/recording-names.ts";

export interface FileSet<T> {
  readonly name: string;
  readonly kind: keyof typeof recordingExtensions;
  /** What it is read from; of COMTRADE in two files the header. */
  readonly main: T;
  /** Of COMTRADE in two files; undefined where it did not come with it. */
  readonly data: T | undefined;
  /** Words beside it. */
  readonly notes: T | undefined;
}

interface Named {
  readonly name: string;
}

function partsOf(name: string): readonly [stem: string, extension: string] {
  const at = name.lastIndexOf(".");
  return at < 0 ? [name.toLowerCase(), ""] : [name.slice(0, at).toLowerCase(), name.slice(at).toLowerCase()];
}

function kindOf(extension: string): FileSet<Named>["kind"] | undefined {
  const kinds = Object.entries(recordingExtensions) as [FileSet<Named>["kind"], readonly string[]][];
  return kinds.find(([, all]) => all.includes(extension))?.[0];
}

export interface Sorted<T> {
  readonly sets: readonly FileSet<T>[];
  /** Files that are of no recording: of another kind, or parts without their header. */
  readonly others: readonly T[];
}

/** Sorts files into recordings, in the order of their names. */
export function fileSetsOf<T extends Named>(files: readonly T[]): Sorted<T> {
  const sorted = files.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const beside = (stem: string, extension: string): T | undefined =>
    sorted.find(({ name }) => partsOf(name).join("") === stem + extension);
  const used = new Set<T>();
  const sets: FileSet<T>[] = [];
  for (const file of sorted) {
    const [stem, extension] = partsOf(file.name);
    const kind = kindOf(extension);
    if (kind === undefined || extension === ".dat") continue;
    const isHeader = extension === ".cfg";
    const data = isHeader ? beside(stem, ".dat") : undefined;
    const notes = isHeader ? (beside(stem, ".hdr") ?? beside(stem, ".inf")) : undefined;
    sets.push({ name: file.name, kind, main: file, data, notes });
    for (const one of [file, data, beside(stem, ".hdr"), beside(stem, ".inf")])
      if (one !== undefined && (one === file || isHeader)) used.add(one);
  }
  return { sets, others: sorted.filter((file) => !used.has(file)) };
}

/** Names that a person may choose from. */
export const accepted: readonly string[] = [...Object.values(recordingExtensions).flat(), ".hdr", ".inf"];
