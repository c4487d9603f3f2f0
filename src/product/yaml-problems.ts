/** What is wrong with the signs of a YAML file, in words of this program: none of the library's reach anybody. */
import type { ErrorCode } from "yaml";

/** Of the place where it was noticed, which may come after the place where it is. */
export const yamlProblems: Readonly<Record<ErrorCode, string>> = {
  ALIAS_PROPS: "an alias (*name) has neither anchor (&name) nor tag (!name) of its own",
  BAD_ALIAS: "expected a name after & or *, which does not end in a colon",
  BAD_COLLECTION_TYPE: "the tag (!name) is not for a value of this kind",
  BAD_DIRECTIVE: "a line that begins with % is a directive: expected %YAML or %TAG, or quotation marks around the text",
  BAD_DQ_ESCAPE: String.raw`there is no such escape within "…": expected \n, \t, \", \\ or another of YAML's; within '…' a \ is nothing but itself`,
  BAD_INDENT:
    "expected as many spaces before this as before what it belongs to: keys of one object, and dashes of one list, stand below each other; is a bracket above not closed?",
  BAD_PROP_ORDER: "an anchor (&name) or tag (!name) stands after the dash or colon, before the value",
  BAD_SCALAR_START: "a text cannot begin with this sign unless it stands in quotation marks",
  BLOCK_AS_IMPLICIT_KEY:
    "a key and its value cannot stand here: expected a line of their own, or quotation marks around a text with a colon in it",
  BLOCK_IN_FLOW:
    "within brackets and braces no lines with dashes or indented keys can stand; is a comma missing, or the bracket that closes?",
  DUPLICATE_KEY: "this key stands there twice",
  IMPOSSIBLE: "this cannot be read",
  KEY_OVER_1024_CHARS: "a key has at most 1024 characters",
  MISSING_CHAR:
    "something is missing before this: a colon, a comma, a space, a dash, or the bracket or quotation mark that closes",
  MULTILINE_IMPLICIT_KEY: "a key stands on one line, with its colon; is the colon missing, or a quotation mark?",
  MULTIPLE_ANCHORS: "a value has at most one anchor (&name)",
  MULTIPLE_DOCS: "expected one document: there is another one after ---",
  MULTIPLE_TAGS: "a value has at most one tag (!name)",
  NON_STRING_KEY: "expected a text for a key",
  RESOURCE_EXHAUSTION: "there is too much of this",
  TAB_AS_INDENT: "there is a tab before this: lines are indented by spaces",
  TAG_RESOLVE_FAILED: "there is no such tag (!name), or the value is not what it says",
  UNEXPECTED_TOKEN:
    "this sign does not belong here: a bracket, comma or dash too many, or a text that needs quotation marks?",
};
