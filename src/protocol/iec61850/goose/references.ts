/** Names of control blocks and data sets as people write them: 7-2 has a point where messages (8-1) have "$GO$" or "$". */

/** "JEM01MTR/LLN0.gcbDI" is "JEM01MTR/LLN0$GO$gcbDI"; what is no such name stays as it is. */
export function controlBlockNamed(text: string): string {
  return text.replace(PLAIN, "$1$GO$$$2");
}

/** "JEM01MTR/LLN0.DI" is "JEM01MTR/LLN0$DI". */
export function dataSetNamed(text: string): string {
  return text.replace(PLAIN, "$1$$$2");
}

/** A logical node, and what is in it. */
const PLAIN = /^([^/.$]+\/[^.$]+)\.([^.$]+)$/;
