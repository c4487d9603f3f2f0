/**
 * Links of pages that go into the package: what they lead to in a checkout may not be packed, and no address of the checkout is known that
 * would be the right one everywhere. Such a link becomes its text and the name of the file in the checkout.
 */
import path from "node:path";

/** A link or an image with its text and its place. Addresses of the web have a scheme, places in the same page nothing before the #. */
const LINK = /!?\[([^\]]*)\]\((?![a-z]+:|#)([^)\s#]+)(#[^)\s]*)?\)/g;

/** The text of a page whose file is named from the package's root, with the links alone that lead to what `isPacked` knows. */
export function withPackedLinks(text, file, isPacked) {
  return text.replaceAll(LINK, (link, said, to) => {
    const name = path.posix.normalize(path.posix.join(path.posix.dirname(file), to)).replace(/\/$/, "");
    if (isPacked(name)) return link;
    const plain = said.replaceAll("`", "");
    // A text that is the file's own name, or begins it, says nothing more than the whole name does.
    const known =
      plain === "" || name.endsWith(plain) || path.posix.parse(name).name.toLowerCase() === plain.toLowerCase();
    return known ? `\`${name}\`` : `${said} (\`${name}\`)`;
  });
}
