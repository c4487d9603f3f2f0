/** All that can be said of a file before it goes to a meter: what reading it found, and its classes. */
import { checkClasses } from "./check-classes.ts";
import { first } from "./elements.ts";
import { Problems, type Problem } from "./problems.ts";
import { editionOf, readScl, type SclFile } from "./read.ts";

export function checkScl(bytes: Uint8Array): SclFile {
  const file = readScl(bytes);
  const { root } = file;
  if (root === undefined) return file;
  const problems = new Problems();
  checkClasses(first(root, "DataTypeTemplates"), editionOf(root), problems);
  return { ...file, problems: inOrder([...file.problems, ...problems.list()]) };
}

function inOrder(problems: readonly Problem[]): readonly Problem[] {
  return problems.toSorted((a, b) => a.line - b.line || a.column - b.column);
}
