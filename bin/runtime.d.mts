export function verify(
  file: string,
  runtime: { readonly version: string; readonly sha256: Readonly<Record<string, string>> },
  how: { readonly platform: string; readonly note: string },
): Promise<void>;
