/** In which APDU something is protected, and by what: an answer is protected as its request was, or more, where the policy says so. */
/** What is done to a text under a key of both. */
export interface Sealing {
  readonly authenticated: boolean;
  readonly encrypted: boolean;
}

export type Style =
  | { readonly kind: "plain" }
  | (Sealing & { readonly kind: "global" | "general-global"; readonly broadcast?: boolean | undefined })
  | (Sealing & { readonly kind: "dedicated" | "general-dedicated" })
  | (Sealing & {
      readonly kind: "general-ciphering";
      /** Where the key is from: a global one, one that is sent along, one that both agree on. */
      readonly key: "unicast" | "broadcast" | "wrapped" | "one-pass" | "static";
      readonly transaction: Uint8Array;
    })
  | { readonly kind: "general-signing"; readonly transaction: Uint8Array; readonly inside: Style };

/** What a style does, in all its layers. */
export interface Done extends Sealing {
  readonly signed: boolean;
}

export function doneBy(style: Style): Done {
  if (style.kind === "plain") return { authenticated: false, encrypted: false, signed: false };
  if (style.kind === "general-signing") return { ...doneBy(style.inside), signed: true };
  return { authenticated: style.authenticated, encrypted: style.encrypted, signed: false };
}

/** What requests and responses must have. */
export interface SecurityPolicy {
  readonly request: Done;
  readonly response: Done;
}

/** The style of an answer: that of the request, with what the policy asks for besides. */
export function answerStyle(request: Style, { response }: SecurityPolicy): Style {
  const sealed = withSealing(request, response);
  if (!response.signed || doneBy(sealed).signed) return sealed;
  return { kind: "general-signing", transaction: new Uint8Array(0), inside: sealed };
}

function withSealing(style: Style, needed: Sealing): Style {
  if (style.kind === "general-signing") return { ...style, inside: withSealing(style.inside, needed) };
  if (style.kind === "plain")
    return needed.authenticated || needed.encrypted
      ? { kind: "global", authenticated: needed.authenticated, encrypted: needed.encrypted }
      : style;
  return {
    ...style,
    authenticated: style.authenticated || needed.authenticated,
    encrypted: style.encrypted || needed.encrypted,
  };
}
