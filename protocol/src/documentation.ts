/** Where a rule's page is on the web. */
const pages = "https://github.com/database-architect/database-architect/blob/main/docs/rules";

export function rulePageAddress(rule: string): string {
  return `${pages}/${rule}.md`;
}
