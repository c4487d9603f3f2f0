/** Names of control blocks and data sets as people write them: 7-2 has a point where messages (8-1) have "$GO$" or "$". */

/** "JEM01MTR/LLN0.gcbDI" is "JEM01MTR/LLN0$GO$gcbDI"; what is no such name stays as it is. */
export function controlBlockNamed(text: string): string {
  return text.replace(PLAIN, "$1$GO$$$2");
}

/** Whether it can be the name of a control block, as messages have it. */
export function isControlBlock(text: string): boolean {
  return /^[A-Za-z]\w{0,63}\/\w{4,23}\$GO\$\w{1,32}$/.test(text);
}

/** "JEM01MTR/LLN0.DI" is "JEM01MTR/LLN0$DI". */
export function dataSetNamed(text: string): string {
  return text.replace(PLAIN, "$1$$$2");
}

/** A logical node, and what is in it. */
const PLAIN = /^([^/.$]+\/[^.$]+)\.([^.$]+)$/;
