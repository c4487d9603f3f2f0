/** What the role in a certificate (IEC 62351-8) lets its owner do, by the site file; where no roles are named, whoever is known may do all. */
export function rightsOf(
  role: string | undefined,
  allowed: Readonly<Record<string, "read" | "write">> | undefined,
): "none" | "read" | "write" {
  if (allowed === undefined) return "write";
  return (role === undefined ? undefined : allowed[role]) ?? "none";
}
