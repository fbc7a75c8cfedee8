/** `npm run package`: the extension as a .vsix file, as a person would install it. */
import { packageExtension } from "./support/vsix.ts";
import { note, runMain, step } from "./support/terminal.ts";

await runMain(async () => {
  step("Building and packaging the extension");
  const { path, bytes } = await packageExtension();
  note(`${path} (${(bytes / 1_000_000).toFixed(2)} MB)`);
  return 0;
});
