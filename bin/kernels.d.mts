/** Where the module lies that the sources are compiled into. */
export const generated: string;
/** The sources by name, in the order in which they are compiled. */
export function kernelSources(): Map<string, string>;
/** The module of some sources, as the text of a TypeScript file. Throws with what the compiler found. */
export function compileKernels(sources: ReadonlyMap<string, string>): Promise<string>;
