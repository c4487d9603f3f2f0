/**
 * What a meter's memory is laid out as; another version's means something else. Grows with every change of what its runs hold; columns that come
 * after those that there are have names of their own, and change nothing of it.
 */
export const MEMORY_LAYOUT = "3.235";
