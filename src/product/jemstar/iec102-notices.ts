/** What whoever starts the site should know of a meter that speaks IEC 60870-5-102. */
import { keyOf, PASSWORD, takesPassword } from "#product/jemstar/iec102/configuration.ts";
import { unrecordedObjects } from "./configuration-checks-iec102.ts";
import type { JemStar } from "./jemstar.ts";

/** Totals that nothing records, and a password that is none: nobody is let in by it. */
export function iec102Notices({
  ports,
  file,
  secrets,
}: Pick<JemStar, "file"> & {
  readonly ports: Pick<JemStar["ports"], "view">;
  readonly secrets: Pick<JemStar["secrets"], "secret">;
}): readonly string[] {
  if (!ports.view.some(({ protocol }) => protocol === "iec102")) return [];
  return [...unrecordedObjects(file), ...(takesPassword(file.iec102) ? passwordNotices(secrets.secret(PASSWORD)) : [])];
}

function passwordNotices(secret: Uint8Array | undefined): readonly string[] {
  if (secret === undefined) return [`its secret ${PASSWORD} is not set: nobody reads totals over IEC 60870-5-102`];
  if (keyOf(secret) !== undefined) return [];
  return [`its secret ${PASSWORD} is no number from 0 to 4294967295: nobody reads totals over IEC 60870-5-102`];
}
