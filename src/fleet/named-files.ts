/** The certificates and keys that a site file names: what is wrong with them, before anything is opened. */
import { identityProblems } from "#io/certificate.ts";
import { resolvePath } from "#io/file.ts";
import { carriers, type Carriers } from "#fleet/protocols/carriers.ts";
import type { ListenEntry } from "#fleet/protocols/protocol.ts";
import { protocols, type ProtocolTable } from "#fleet/protocols/table.ts";
import type { SiteFile } from "./site-schema.ts";

interface Around {
  /** Of the site file. */
  readonly folder: string;
  readonly table?: ProtocolTable;
  readonly over?: Carriers | undefined;
}

/** "meters[0].listen[0].key: …", key by key. */
export function namedFileProblems(
  { web, meters, devices }: SiteFile,
  { folder, table = protocols, over = carriers }: Around,
): readonly string[] {
  const ofListener = ({ protocol, transport, keys }: ListenEntry): readonly string[] => {
    const row = table.find(({ name }) => name === protocol);
    const way = row?.transports.find(({ name }) => name === transport);
    return (way && over[way.over].problems?.(keys, folder)) ?? [];
  };
  const ofAll = (all: readonly { readonly listen: readonly ListenEntry[] }[], key: string): readonly string[] =>
    all.flatMap(({ listen }, k) =>
      listen.flatMap((entry, j) => ofListener(entry).map((problem) => `${key}[${k}].listen[${j}].${problem}`)),
    );
  return [...ofPages(web, folder), ...ofAll(meters, "meters"), ...ofAll(devices, "devices")];
}

function ofPages(web: SiteFile["web"], folder: string): readonly string[] {
  if (web?.certificate === undefined || web.key === undefined) return [];
  const files = { certificate: resolvePath(folder, web.certificate), key: resolvePath(folder, web.key) };
  return identityProblems(files).map((problem) => `web.${problem}`);
}
