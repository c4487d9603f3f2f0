/** Sub-paths that programs may import, and the file of src/ behind each, without its ending. */
export const subPaths: Readonly<Record<string, string>>;
export function manifestOf(checkout: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>>;
/** Makes the package in a folder; the path of its file. */
export function makePackage(folder: string): Promise<string>;
