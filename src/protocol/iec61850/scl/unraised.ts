/** Control blocks of GOOSE whose data set has become another while their revision has not: 7-2 (18.2.1.7) has it rise with each such change. */
import { nodeName, type Ied } from "#protocol/iec61850/model/ied.ts";
import { memberText } from "./diff.ts";

/** A line each: "GOOSE MTR/LLN0.gcbDI: …". */
export function unraised(before: Ied, after: Ied): readonly string[] {
  const were = published(before);
  return [...published(after)].flatMap(([name, { revision, content }]) => {
    const was = were.get(name);
    if (was === undefined || was.revision !== revision || was.content === content) return [];
    return [
      `GOOSE ${name}: its data set is another, and its revision (confRev) is still ${revision}: who follows it cannot tell`,
    ];
  });
}

/** By device and node, whatever the IED is called. */
function published({ devices }: Ied): ReadonlyMap<string, { readonly revision: number; readonly content: string }> {
  const all = devices.flatMap(({ inst, nodes }) =>
    nodes.flatMap((node) =>
      node.gooses.map(({ name, dataSet, configRevision: revision }) => {
        const members = node.dataSets.find((one) => one.name === dataSet)?.members ?? [];
        const content = [dataSet, ...members.map(memberText)].join(" ");
        return [`${inst}/${nodeName(node)}.${name}`, { revision, content }] as const;
      }),
    ),
  );
  return new Map(all);
}
