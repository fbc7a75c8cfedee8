/** The licences of the packages inside the bundles, from their own folders: what their licences ask to be passed on. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** What is no code, and so not among the inputs. */
const assets = ["node_modules/dejavu-fonts-ttf"];

/**
 * @param {readonly string[]} inputs paths of bundled files, as in esbuild's metafile
 * @returns {Promise<string>} one section a package, in alphabetical order
 */
export async function thirdPartyNotices(inputs) {
  const folders = new Set(assets);
  for (const input of inputs) {
    const folder = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0];
    if (folder !== undefined) folders.add(folder);
  }
  const sections = await Promise.all([...folders].sort().map(section));
  return `Database Architect contains these packages, each under its own licence.\n\n${sections.join("\n")}`;
}

async function section(folder) {
  const { name, version, license, repository } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  const address = typeof repository === "string" ? repository : (repository?.url ?? "");
  const file = (await readdir(folder)).find((entry) => /^(licen[cs]e|copying)/i.test(entry));
  const text = file === undefined ? `Licence: ${license}` : (await readFile(join(folder, file), "utf8")).trim();
  return `${"-".repeat(80)}\n${name} ${version} (${license})${address === "" ? "" : `\n${address}`}\n\n${text}\n`;
}
