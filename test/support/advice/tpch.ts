/** TPC-H: its schema and 22 queries from the corpora, with the values that its specification validates with, and rows of our own making. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { corporaFolder } from "../corpora.ts";
import type { AdviceCase } from "./world.ts";

const folder = join(corporaFolder, "tpch");

export const tpchSql: readonly string[] = ["create", "pkeys", "alter"].map((part) => readFileSync(join(folder, "sql", `dss__tpch-${part}.sql`), "utf8"));

export const tpchRows: Readonly<Record<string, number>> = { region: 5, nation: 25, supplier: 200, part: 4_000, partsupp: 16_000, customer: 3_000, orders: 30_000, lineitem: 120_000 };

const list = (words: string, i: string): string => `(ARRAY[${words.split("|").map((word) => `'${word}'`).join(", ")}])[1 + ${i} % ${words.split("|").length}]`;

const regions = "AFRICA|AMERICA|ASIA|EUROPE|MIDDLE EAST";
const nations =
  "ALGERIA|ARGENTINA|BRAZIL|CANADA|EGYPT|ETHIOPIA|FRANCE|GERMANY|INDIA|INDONESIA|IRAN|IRAQ|JAPAN|JORDAN|KENYA|MOROCCO|MOZAMBIQUE|PERU|CHINA|ROMANIA|SAUDI ARABIA|VIETNAM|RUSSIA|UNITED KINGDOM|UNITED STATES";

export const tpchValues: ReadonlyMap<string, string> = new Map([
  ["region.r_name", list(regions, "(i - 1)")],
  ["nation.n_name", list(nations, "(i - 1)")],
  ["nation.n_regionkey", "1 + i % 5"],
  ["part.p_name", `${list("almond|blush|forest|green|lace|navy|peru|snow|tan|white", "(i * 3)")} || ' ' || ${list("azure|cream|forest|ghost|green|linen|puff|rose|sky|wheat", "(i * 7)")}`],
  ["part.p_mfgr", "'Manufacturer#' || (1 + i % 5)"],
  ["part.p_brand", "'Brand#' || (1 + i % 5) || (1 + i / 5 % 5)"],
  ["part.p_type", `${list("STANDARD|SMALL|MEDIUM|LARGE|ECONOMY|PROMO", "i")} || ' ' || ${list("ANODIZED|BURNISHED|PLATED|POLISHED|BRUSHED", "(i / 6)")} || ' ' || ${list("TIN|NICKEL|BRASS|STEEL|COPPER", "(i / 30)")}`],
  ["part.p_size", "(1 + i * 7 % 50)::int"],
  ["part.p_container", `${list("SM|LG|MED|JUMBO|WRAP", "i")} || ' ' || ${list("CASE|BOX|BAG|JAR|PKG|PACK|CAN|DRUM", "(i / 5)")}`],
  ["supplier.s_nationkey", "(1 + i % 25)::int"],
  ["supplier.s_comment", "CASE WHEN i % 90 = 0 THEN 'Customer has Complaints' ELSE 'fine ' || i END"],
  ["customer.c_nationkey", "(1 + i % 25)::int"],
  ["customer.c_mktsegment", list("AUTOMOBILE|BUILDING|FURNITURE|HOUSEHOLD|MACHINERY", "i")],
  ["customer.c_phone", "(10 + i % 25) || '-' || (100 + i % 900) || '-' || i"],
  ["customer.c_acctbal", "round((i * 37 % 11000 - 1000)::numeric, 2)"],
  ["partsupp.ps_partkey", "(1 + (i - 1) / 4)::int"],
  ["partsupp.ps_suppkey", "(1 + ((i - 1) / 4 * 7 + (i - 1) % 4 * 50) % 200)::int"],
  ["partsupp.ps_availqty", "(1 + i * 31 % 9999)::int"],
  ["orders.o_custkey", "(1 + i * 7919 % 3000)::int"],
  ["orders.o_orderstatus", list("O|F|P", "i")],
  ["orders.o_totalprice", "round((1000 + i * 911 % 400000)::numeric, 2)"],
  ["orders.o_orderdate", "date '1992-01-01' + (i * 13 % 2405)"],
  ["orders.o_orderpriority", list("1-URGENT|2-HIGH|3-MEDIUM|4-NOT SPECIFIED|5-LOW", "i")],
  ["orders.o_comment", "CASE WHEN i % 50 = 0 THEN 'special handling requests' ELSE 'nothing ' || i END"],
  ["lineitem.l_orderkey", "(1 + (i - 1) / 4)::int"],
  ["lineitem.l_linenumber", "(1 + (i - 1) % 4)::int"],
  ["lineitem.l_partkey", "(1 + i * 7919 % 4000)::int"],
  ["lineitem.l_suppkey", "(1 + (i * 7919 % 4000 * 7 + i % 4 * 50) % 200)::int"],
  ["lineitem.l_quantity", "(1 + i * 17 % 50)::numeric"],
  ["lineitem.l_extendedprice", "round((900 + i * 97 % 90000)::numeric, 2)"],
  ["lineitem.l_discount", "round((i % 11) / 100.0, 2)"],
  ["lineitem.l_tax", "round((i % 9) / 100.0, 2)"],
  ["lineitem.l_returnflag", list("R|A|N|N", "i")],
  ["lineitem.l_linestatus", list("O|F", "i")],
  ["lineitem.l_shipdate", "date '1992-01-01' + ((i - 1) / 4 * 13 % 2405) + i * 7 % 121"],
  ["lineitem.l_commitdate", "date '1992-01-01' + ((i - 1) / 4 * 13 % 2405) + 30 + i * 11 % 60"],
  ["lineitem.l_receiptdate", "date '1992-01-01' + ((i - 1) / 4 * 13 % 2405) + i * 7 % 121 + 1 + i % 30"],
  ["lineitem.l_shipinstruct", list("DELIVER IN PERSON|COLLECT COD|NONE|TAKE BACK RETURN", "i")],
  ["lineitem.l_shipmode", list("REG AIR|AIR|RAIL|SHIP|TRUCK|MAIL|FOB", "i")],
]);

/** :1, :2, … of each query. */
const parameters: Readonly<Record<number, readonly string[]>> = {
  1: ["90"],
  2: ["15", "BRASS", "EUROPE"],
  3: ["BUILDING", "1995-03-15"],
  4: ["1993-07-01"],
  5: ["ASIA", "1994-01-01"],
  6: ["1994-01-01", "0.06", "24"],
  7: ["FRANCE", "GERMANY"],
  8: ["BRAZIL", "AMERICA", "ECONOMY ANODIZED STEEL"],
  9: ["green"],
  10: ["1993-10-01"],
  11: ["GERMANY", "0.0001"],
  12: ["MAIL", "SHIP", "1994-01-01"],
  13: ["special", "requests"],
  14: ["1995-09-01"],
  15: ["1996-01-01"],
  16: ["Brand#45", "MEDIUM POLISHED", "49", "14", "23", "45", "19", "3", "36", "9"],
  17: ["Brand#23", "MED BOX"],
  18: ["300"],
  19: ["Brand#12", "Brand#23", "Brand#34", "1", "10", "20"],
  20: ["forest", "1994-01-01", "CANADA"],
  21: ["SAUDI ARABIA"],
  22: ["13", "31", "23", "29", "30", "18", "17"],
};

export const tpchCases: readonly AdviceCase[] = Object.entries(parameters).flatMap(([number, values]) => {
  const raw = readFileSync(join(folder, "queries", `${number}.sql`), "utf8").replaceAll(/^(?:--.*|:[xo]\s*)$/gm, "");
  const filled = raw.replaceAll(/:(\d+)/g, (whole, n: string) => values[Number(n) - 1] ?? whole).replaceAll(":s", "1");
  // The fifteenth makes a view for itself: what counts is the query, over the view's.
  const statements = filled.split(";").map((part) => part.trim()).filter((part) => /^(?:select|with)/i.test(part));
  const view = /create view \w+ \((.*?)\) as\s+(select[^;]*)/is.exec(filled);
  const [query] = statements;
  if (query === undefined) return [];
  const text = view === null ? query : `WITH revenue1 (${view[1] ?? ""}) AS (${view[2] ?? ""}) ${query}`;
  return [[`q${number}`, text, undefined] satisfies AdviceCase];
});
