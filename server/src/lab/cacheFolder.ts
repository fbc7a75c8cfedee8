/** Where a command line keeps what took long to build: the folder that the system has for what may be thrown away. */
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";

/** `environment` is the process's. https://specifications.freedesktop.org/basedir-spec/latest/ */
export function userCacheFolder(platform: NodeJS.Platform, environment: Readonly<Record<string, string | undefined>>, home: string = homedir()): string {
  const set = platform === "win32" ? environment["LOCALAPPDATA"] : environment["XDG_CACHE_HOME"];
  if (set !== undefined && isAbsolute(set)) return join(set, "database-architect", ...(platform === "win32" ? ["Cache"] : []));
  if (platform === "win32") return join(home, "AppData", "Local", "database-architect", "Cache");
  return platform === "darwin" ? join(home, "Library", "Caches", "database-architect") : join(home, ".cache", "database-architect");
}
