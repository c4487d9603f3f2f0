/** Where the rules are from. */
import { list, paragraph, section, type Markup } from "./markup.ts";

const sources: readonly string[] = [
  "IEC 61000-4-30, edition 3, class A: intervals, flags (4.7), frequency (5.1), voltage (5.2), flicker (5.3), dips and swells (5.4), interruptions (5.5), unbalance (5.7), rapid voltage changes (5.11). IEC 61000-4-7: harmonics. IEC 61000-4-15: flicker.",
  "EN 50160, clauses 4.2 (low voltage) and 5.2 (medium voltage), as Rockwell 1426-UM001J, appendix H, and Schneider's PM8000 technical note print them.",
  "IEEE 519-2022, tables 1 to 4 and clause 5, as public programs have them, held against one another.",
  "ITIC (CBEMA) curve of 2000; SEMI F47-0706; IEEE 1159-2009, table of categories.",
  "Dip types: Bollen, IEEE Trans. Power Delivery 18 (2003). Direction: Li et al., IEE Proc. GTD 150 (2003); Tayjasanant et al., IEEE Trans. PWRD 20 (2005); Parsons et al., 15 (2000). Causes: Styvaktakis, Bollen, Gu, 17 (2002).",
];

export function sourceSection(): Markup {
  return section(
    "sources",
    2,
    "Sources",
    list(sources),
    paragraph(
      "The texts of the standards themselves were not at hand. Figures are printed to the accuracy that class A asks of an instrument; it is the recorder's that decides.",
    ),
  );
}
