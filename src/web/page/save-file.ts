/** Hands a file that was made in the browser to the person. */
export function saveFile(name: string, content: Blob): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // Whoever saves has taken it by then.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
