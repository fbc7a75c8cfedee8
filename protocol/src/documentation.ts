/** Where the page of a rule is: with our client in the editor, without a network; elsewhere on the web, once there is one. */

/** The scheme of documents that our client serves with the pages of the rules. */
export const rulePageScheme = "database-architect-rule";

/** The path of the page that lists all rules, without its ending; the others are called as their rule. */
export const overviewPageName = "README";

/** The folder of the pages on the web; undefined for as long as package.json names no repository. */
const publishedPages: string | undefined = undefined;

/** For links in our client. */
export function rulePageUri(rule: string): string {
  return `${rulePageScheme}:/${rule}.md`;
}

/** For links anywhere else. */
export function rulePageAddress(rule: string): string | undefined {
  return publishedPages === undefined ? undefined : `${String(publishedPages)}/${rule}.md`;
}
