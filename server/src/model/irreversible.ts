/** Whether a migration's author has said in it that nothing leads back: `-- irreversible: why`. */
export function isMarkedIrreversible(text: string): boolean {
  return /^[ \t]*--[ \t]*irreversible\b/im.test(text);
}
