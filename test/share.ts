/**
 * How many seeds, stories, mutations and kills of a test run: a few while somebody works, a share of them where CI runs, all of
 * them with `.ci/run --all`.
 */
export function share(few: number, ci: number, all: number): number {
  if (process.env["POLYPHASE_TESTS"] === "all") return all;
  return process.env["CI"] === "true" ? ci : few;
}
