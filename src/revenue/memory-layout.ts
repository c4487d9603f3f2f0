import { COLUMNS } from "#revenue/measuring/columns.ts";

/** What a meter's memory is laid out as; another version's means something else. Grows with every change of what its runs hold. */
export const MEMORY_LAYOUT = `3.${COLUMNS}`;
