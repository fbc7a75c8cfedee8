/**
 * Runs initdb in PGlite and writes the empty cluster as a tar file: `node scratchCluster.mjs <file>`. Promises the same
 * bytes each time: clock and random numbers are taken from PostgreSQL, which stamps its files with both, and what only
 * other databases need (the templates, spare WAL segments) is left out.
 */
import { Buffer } from "node:buffer";
import nodeCrypto from "node:crypto";
import { writeFile } from "node:fs/promises";
import process from "node:process";

stopClock();
makeRandomnessRepeat();

const { PGlite } = await import("@electric-sql/pglite");
const database = await PGlite.create({
  initDbStartParams: ["--no-data-checksums", "--wal-segsize=1", "--locale=C.UTF-8", "-E", "UTF8"],
  startParams: [...PGlite.defaultStartParams, "-c", "shared_buffers=8MB"],
});
await database.exec("VACUUM FREEZE");
await database.exec("CHECKPOINT");
const { rows } = await database.query("SELECT pg_walfile_name(pg_current_wal_lsn()) AS name");
const dump = await database.dumpDataDir("none");
await writeFile(process.argv[2], withoutOthers(Buffer.from(await dump.arrayBuffer()), rows[0].name));
process.exit(0);

function stopClock() {
  const RealDate = Date;
  const now = RealDate.UTC(2026, 0, 1);
  let elapsed = 0;
  globalThis.Date = class extends RealDate {
    constructor(...parts) {
      super(...(parts.length === 0 ? [now] : parts));
    }
    static now() {
      return now;
    }
  };
  performance.now = () => (elapsed += 0.01);
}

function makeRandomnessRepeat() {
  let state = 1;
  const next = () => (state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff);
  const fill = (view) => {
    const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
    for (let i = 0; i < bytes.length; i++) bytes[i] = next() >> 16;
    return view;
  };
  Math.random = () => next() / 0x80000000;
  globalThis.crypto.getRandomValues = fill;
  nodeCrypto.randomFillSync = fill;
  nodeCrypto.randomBytes = (count) => Buffer.from(fill(new Uint8Array(count)));
}

/** The tar without the files of template0 and template1 and without WAL but the current segment: two thirds of it. */
function withoutOthers(tar, currentWal) {
  const kept = [];
  for (let at = 0; at < tar.length && tar[at] !== 0; ) {
    const name = tar.toString("latin1", at, at + 100).replace(/\0.*$/s, "");
    const size = Number.parseInt(tar.toString("latin1", at + 124, at + 136), 8);
    const end = at + 512 + Math.ceil(size / 512) * 512;
    const isTemplate = /^\/base\/[14]\/(?!PG_VERSION$)./.test(name);
    const isOtherWal = /^\/pg_wal\/[0-9A-F]{24}$/.test(name) && !name.endsWith(currentWal);
    if (!isTemplate && !isOtherWal) kept.push(tar.subarray(at, end));
    at = end;
  }
  return Buffer.concat([...kept, Buffer.alloc(1024)]);
}
