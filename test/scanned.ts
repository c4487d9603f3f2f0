/** A scan of a running site, from its beginning to its end. */
import { scanSchema } from "#web/api/edit-schemas.ts";
import type { RunningSite } from "./running-site.ts";

export async function scanned(
  { page }: RunningSite,
  asked: { readonly url: string; readonly from: number; readonly to: number },
) {
  const place = `${page}api/v1/scan`;
  const headers = { "Content-Type": "application/json" };
  const begun = await fetch(place, { method: "PUT", headers, body: JSON.stringify({ ...asked, timeout: 500 }) });
  if (begun.status !== 200) throw new Error(await begun.text());
  for (;;) {
    const view = scanSchema.parse(await (await fetch(place)).json());
    if (view.state !== "running") return view;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
