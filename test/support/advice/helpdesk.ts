/** A help desk with hardly an index, and what is asked of it: each kind of condition that an index serves, and many that none does. */
import type { AdviceCase } from "./world.ts";

export const helpdeskSql = `
CREATE EXTENSION pg_trgm;
CREATE TYPE severity AS ENUM ('low', 'normal', 'high', 'critical');
CREATE TABLE tenants (id bigint PRIMARY KEY, name text NOT NULL);
CREATE TABLE agents (id bigint PRIMARY KEY, tenant_id bigint NOT NULL REFERENCES tenants, email text NOT NULL, name text NOT NULL, is_active boolean NOT NULL, last_seen_at timestamptz);
CREATE TABLE customers (id bigint PRIMARY KEY, tenant_id bigint NOT NULL REFERENCES tenants, email varchar(200) NOT NULL, name text NOT NULL, city text NOT NULL, country varchar(3) NOT NULL, deleted_at timestamptz, created_at timestamptz NOT NULL, attributes jsonb NOT NULL, UNIQUE (tenant_id, email));
CREATE TABLE tickets (
  id bigint PRIMARY KEY, tenant_id bigint NOT NULL REFERENCES tenants, customer_id bigint NOT NULL REFERENCES customers, agent_id bigint REFERENCES agents,
  code text NOT NULL UNIQUE, subject text NOT NULL, body text NOT NULL, status text NOT NULL, severity severity NOT NULL, score int NOT NULL, labels text[] NOT NULL,
  created_at timestamptz NOT NULL, updated_at timestamptz NOT NULL, closed_at timestamptz, search tsvector NOT NULL
);
CREATE INDEX tickets_agent_id_idx ON tickets (agent_id);
CREATE TABLE messages (id bigint PRIMARY KEY, ticket_id bigint NOT NULL REFERENCES tickets, author_id bigint NOT NULL REFERENCES agents, body text NOT NULL, is_public boolean NOT NULL, created_at timestamptz NOT NULL);
CREATE TABLE events (id bigint PRIMARY KEY, tenant_id bigint NOT NULL REFERENCES tenants, ticket_id bigint NOT NULL REFERENCES tickets, kind text NOT NULL, payload jsonb NOT NULL, occurred_at timestamptz NOT NULL);
CREATE TABLE small_codes (code text PRIMARY KEY, title text NOT NULL);
CREATE VIEW open_tickets AS SELECT t.id, t.tenant_id, t.customer_id, t.subject, t.created_at, c.name AS customer FROM tickets t JOIN customers c ON c.id = t.customer_id WHERE t.closed_at IS NULL;
`;

export const helpdeskRows: Readonly<Record<string, number>> = { tenants: 50, agents: 2_000, customers: 20_000, tickets: 60_000, messages: 120_000, events: 120_000, small_codes: 20 };

export const helpdeskValues: ReadonlyMap<string, string> = new Map([
  ["tickets.status", "(ARRAY['open', 'pending', 'closed', 'closed', 'closed', 'closed', 'closed', 'closed', 'closed', 'closed', 'closed', 'closed'])[1 + i % 12]"],
  ["tickets.score", "(i * 7919 % 1000)::int"],
  ["tickets.labels", "ARRAY['l' || (i * 31 % 400), 'm' || (i * 17 % 40)]"],
  ["customers.city", "'City ' || (i * 13 % 900)"],
  ["events.kind", "(ARRAY['viewed', 'viewed', 'viewed', 'changed', 'viewed', 'merged', 'viewed', 'viewed', 'viewed', 'viewed'])[1 + i % 10]"],
  ["customers.attributes", "jsonb_build_object('plan', 'p' || (i * 7 % 300), 'source', 's' || (i % 4))"],
  ["agents.email", "'agent' || i || '@Example.com'"],
]);

/** Whether an index is wanted: `true`, `false`, a pattern for one of the titles, or undefined where either is right. */
export const helpdeskCases: readonly AdviceCase[] = [
  // One table: equality, lists, ranges, orders.
  ["equality", "SELECT * FROM customers WHERE city = $1", /customers \(city\)/],
  ["a foreign key", "SELECT * FROM tickets WHERE customer_id = $1", /tickets \(customer_id/],
  ["two equalities", "SELECT * FROM tickets WHERE tenant_id = $1 AND score = $2", /tickets \((?:tenant_id, )?score/],
  ["equality and range", "SELECT id FROM tickets WHERE customer_id = $1 AND created_at > '2029-06-01'", /tickets \(customer_id/],
  ["equality and order", "SELECT * FROM tickets WHERE tenant_id = $1 ORDER BY created_at DESC LIMIT 20", /tickets \(tenant_id, created_at\)/],
  ["equality, order and its tie-break", "SELECT * FROM tickets WHERE tenant_id = $1 ORDER BY created_at DESC, id DESC LIMIT 20", /tickets \(tenant_id, created_at/],
  ["order alone", "SELECT * FROM tickets ORDER BY updated_at DESC LIMIT 10", /tickets \(updated_at\)/],
  ["mixed directions", "SELECT * FROM tickets ORDER BY score DESC, created_at LIMIT 10", /tickets \(score/],
  ["nulls last", "SELECT * FROM tickets ORDER BY closed_at DESC NULLS LAST LIMIT 10", /tickets \(closed_at/],
  ["a list", "SELECT * FROM customers WHERE city IN ('City 1', 'City 2', 'City 3')", /customers \(city\)/],
  ["an array parameter", "SELECT * FROM tickets WHERE customer_id = ANY ($1::bigint[])", /tickets \(customer_id\)/],
  ["a narrow range", "SELECT * FROM tickets WHERE score BETWEEN 998 AND 999", /tickets \(score\)/],
  ["a range of times", "SELECT count(*) FROM tickets WHERE updated_at >= '2026-09-01' AND updated_at < '2026-09-03'", /tickets \(updated_at\)/],
  ["is null", "SELECT id, score FROM tickets WHERE agent_id IS NULL AND score = 17", undefined],
  ["keyset", "SELECT id, subject FROM tickets WHERE tenant_id = $1 AND (created_at, id) < ($2, $3) ORDER BY created_at DESC, id DESC LIMIT 25", /tickets \(tenant_id, created_at/],
  ["min and max", "SELECT max(updated_at) FROM tickets", /tickets \(updated_at\)/],
  ["min of a part", "SELECT min(created_at) FROM tickets WHERE customer_id = $1", /tickets \(customer_id/],
  ["count of a part", "SELECT count(*) FROM tickets WHERE customer_id = $1", /tickets \(customer_id/],
  ["exists for one", "SELECT EXISTS (SELECT 1 FROM tickets WHERE customer_id = $1)", /tickets \(customer_id\)/],
  ["an enum and a foreign key", "SELECT * FROM tickets WHERE severity = 'critical' AND customer_id = $1", /tickets \(customer_id/],
  ["a rare value", "SELECT * FROM tickets WHERE score = 5 AND status = 'open'", /score/],
  ["distinct", "SELECT DISTINCT city FROM customers WHERE tenant_id = 3 AND city LIKE 'City 1%'", undefined],
  ["group by", "SELECT customer_id, count(*) FROM tickets GROUP BY customer_id", undefined],
  ["group by a part", "SELECT status, count(*) FROM tickets WHERE customer_id = $1 GROUP BY status", /tickets \(customer_id/],
  ["or of two columns", "SELECT * FROM tickets WHERE customer_id = $1 OR score = $2", /tickets \((?:customer_id|score)\)/],
  ["or of one column", "SELECT * FROM customers WHERE city = 'City 5' OR city = 'City 6'", /customers \(city\)/],
  ["not deleted", "SELECT * FROM customers WHERE city = $1 AND deleted_at IS NULL", /customers \(city/],
  ["few are open", "SELECT id, subject FROM tickets WHERE status = 'open' AND tenant_id = $1 ORDER BY created_at LIMIT 50", /tickets \(/],
  ["few are open at all", "SELECT id FROM tickets WHERE status = 'pending' AND score > 990", /tickets \(/],
  ["a boolean", "SELECT count(*) FROM messages WHERE is_public AND ticket_id = $1", /messages \(ticket_id/],
  ["not a boolean", "SELECT id FROM messages WHERE NOT is_public AND author_id = 77", /messages \(author_id/],
  ["limit by parameter", "SELECT * FROM tickets WHERE tenant_id = $1 ORDER BY updated_at DESC LIMIT $2 OFFSET $3", /tickets \(tenant_id, updated_at\)/],
  // Texts.
  ["lower", "SELECT * FROM agents WHERE lower(email) = lower($1)", /agents \(lower\(email\)\)/],
  ["a prefix", "SELECT * FROM customers WHERE name LIKE 'Garcia 12%'", /customers/],
  ["a prefix of a tenant", "SELECT id FROM customers WHERE tenant_id = 7 AND name LIKE 'Garcia 1%'", /customers/],
  ["inside of a text", "SELECT * FROM customers WHERE name LIKE '%cia 12%'", /GIN index on customers \(name\)/],
  ["whatever case", "SELECT * FROM customers WHERE name ILIKE '%garcia 12%'", /GIN index on customers \(name\)/],
  ["a regular expression", "SELECT * FROM customers WHERE name ~ 'cia 12[0-9]+'", /GIN index on customers \(name\)/],
  ["a pattern by parameter", "SELECT * FROM customers WHERE name ILIKE '%' || $1 || '%'", undefined],
  ["words", "SELECT id FROM tickets WHERE search @@ to_tsquery('english', 'tokyo & renewal & invoice & partner')", /GIN index on tickets \(search\)/],
  ["words of a text", "SELECT id FROM messages WHERE to_tsvector('english', body) @@ to_tsquery('english', 'tokyo & renewal & maria')", /GIN index on messages \(to_tsvector/],
  // Parts of values.
  ["jsonb contains", `SELECT id FROM customers WHERE attributes @> '{"plan": "p77"}'`, /GIN index on customers \(attributes\)/],
  ["jsonb path", `SELECT id FROM customers WHERE attributes @? '$.plan ? (@ == "p78")'`, /GIN index on customers \(attributes\)/],
  ["jsonb has a key", "SELECT id FROM customers WHERE attributes ? 'vip'", /GIN index on customers \(attributes\)/],
  ["jsonb field", "SELECT id FROM customers WHERE attributes ->> 'plan' = 'p12'", /customers \(attributes ->> 'plan'\)|customers \(\(?attributes/],
  ["array contains", "SELECT id FROM tickets WHERE labels @> ARRAY['l77']", /GIN index on tickets \(labels\)/],
  ["array overlaps", "SELECT id FROM tickets WHERE labels && ARRAY['l77', 'l78']", /GIN index on tickets \(labels\)/],
  ["any of an array", "SELECT id FROM tickets WHERE 'l5' = ANY (labels) AND customer_id = 5", undefined],
  // Joins.
  ["a join by the child", "SELECT m.body FROM tickets t JOIN messages m ON m.ticket_id = t.id WHERE t.code = $1", /messages \(ticket_id/],
  ["a join by the parent", "SELECT t.id, c.name FROM tickets t JOIN customers c ON c.id = t.customer_id WHERE c.city = $1", /customers \(city\)|tickets \(customer_id/],
  ["a join of three", "SELECT m.id FROM customers c JOIN tickets t ON t.customer_id = c.id JOIN messages m ON m.ticket_id = t.id WHERE c.tenant_id = 3 AND c.email = 'user3@example.com'", /messages \(ticket_id|tickets \(customer_id/],
  ["using", "SELECT count(*) FROM messages m JOIN events e USING (ticket_id) WHERE m.author_id = 1500", /(?:messages|events)/],
  ["a left join", "SELECT c.id, count(t.id) FROM customers c LEFT JOIN tickets t ON t.customer_id = c.id WHERE c.tenant_id = 40 AND c.city = 'City 7' GROUP BY c.id", /tickets \(customer_id|customers/],
  ["exists", "SELECT c.id FROM customers c WHERE c.city = 'City 9' AND EXISTS (SELECT 1 FROM tickets t WHERE t.customer_id = c.id AND t.score > 900)", /tickets|customers/],
  ["not exists", "SELECT c.id FROM customers c WHERE c.tenant_id = 44 AND NOT EXISTS (SELECT 1 FROM tickets t WHERE t.customer_id = c.id)", undefined],
  ["in a subquery", "SELECT * FROM messages WHERE ticket_id IN (SELECT id FROM tickets WHERE code = '77-code')", /messages \(ticket_id/],
  ["a scalar subquery", "SELECT t.id, (SELECT max(m.created_at) FROM messages m WHERE m.ticket_id = t.id) FROM tickets t WHERE t.customer_id = 900", /messages \(ticket_id|tickets \(customer_id/],
  ["lateral", "SELECT c.id, last.subject FROM customers c CROSS JOIN LATERAL (SELECT t.subject FROM tickets t WHERE t.customer_id = c.id ORDER BY t.created_at DESC LIMIT 1) AS last WHERE c.tenant_id = 45", /tickets \(customer_id/],
  ["a cte", "WITH recent AS (SELECT * FROM tickets WHERE tenant_id = 12 AND score = 500) SELECT r.id, m.body FROM recent r JOIN messages m ON m.ticket_id = r.id", /messages \(ticket_id|tickets/],
  ["a view", "SELECT * FROM open_tickets WHERE customer_id = $1", /tickets \(customer_id/],
  ["a subquery in from", "SELECT * FROM (SELECT id, score, subject FROM tickets) AS t WHERE t.score = 41", /tickets \(score\)/],
  ["a union", "SELECT id FROM tickets WHERE score = 1 UNION ALL SELECT id FROM messages WHERE author_id = 1800", /tickets \(score|messages \(author_id/],
  ["a window", "SELECT id, row_number() OVER (PARTITION BY customer_id ORDER BY created_at) FROM tickets WHERE customer_id IN (5000, 5001)", /tickets \(customer_id/],
  ["a self join", "SELECT a.id FROM tickets a JOIN tickets b ON b.customer_id = a.customer_id AND b.id <> a.id WHERE a.code = '9-code'", /tickets \(customer_id/],
  ["two ranges", "SELECT id FROM events WHERE tenant_id = 30 AND occurred_at > '2043-01-01'", /events \(/],
  ["merged events", "SELECT id FROM events WHERE kind = 'merged' AND ticket_id = 44000", /events \(/],
  ["latest event of a ticket", "SELECT * FROM events WHERE ticket_id = $1 ORDER BY occurred_at DESC LIMIT 1", /events \(ticket_id/],
  ["distinct on", "SELECT DISTINCT ON (ticket_id) ticket_id, occurred_at FROM events WHERE ticket_id IN (41000, 42000) ORDER BY ticket_id, occurred_at DESC", /events \(ticket_id/],
  ["a field and a tenant", "SELECT id FROM events WHERE tenant_id = $1 AND payload ->> 'key' = $2", /events/],
  ["date_trunc", "SELECT count(*) FROM tickets WHERE date_trunc('day', created_at AT TIME ZONE 'UTC') = timestamp '2026-03-01'", undefined],
  ["casts of a column", "SELECT id FROM tickets WHERE score::text = '77'", undefined],
  ["coalesce", "SELECT id FROM tickets WHERE coalesce(agent_id, 0) = 1999", undefined],
  // Changes.
  ["an update", "UPDATE tickets SET status = 'closed' WHERE customer_id = $1", /tickets \(customer_id/],
  ["a delete", "DELETE FROM messages WHERE ticket_id = $1", /messages \(ticket_id/],
  ["an update by a join", "UPDATE messages m SET is_public = false FROM tickets t WHERE t.id = m.ticket_id AND t.code = '5-code'", /messages \(ticket_id/],
  ["insert from a query", "INSERT INTO small_codes SELECT code, subject FROM tickets WHERE score = 3", /tickets \(score/],
  ["skip locked", "SELECT id FROM tickets WHERE status = 'pending' ORDER BY created_at FOR UPDATE SKIP LOCKED LIMIT 5", undefined],
  // What needs nothing.
  ["by the primary key", "SELECT * FROM tickets WHERE id = $1", false],
  ["by a unique key", "SELECT * FROM tickets WHERE code = $1", false],
  ["by a unique key of two", "SELECT * FROM customers WHERE tenant_id = $1 AND email = $2", false],
  ["by a list of primary keys", "SELECT * FROM tickets WHERE id IN (1, 2, 3)", false],
  ["by an index that is there", "SELECT * FROM tickets WHERE agent_id = $1", undefined],
  ["everything", "SELECT * FROM tickets", false],
  ["everything of a join", "SELECT * FROM tickets t JOIN customers c ON c.id = t.customer_id", false],
  ["the count of everything", "SELECT count(*) FROM small_codes", false],
  ["a small table", "SELECT * FROM small_codes WHERE title = 'x'", false],
  ["a small table in order", "SELECT * FROM small_codes ORDER BY title", false],
  ["no table", "SELECT 1", "refused"],
  ["values", "VALUES (1), (2)", "refused"],
  ["the newest by key", "SELECT * FROM tickets ORDER BY id DESC LIMIT 10", false],
  ["a join of unique keys", "SELECT t.subject, c.name FROM tickets t JOIN customers c ON c.id = t.customer_id WHERE t.code = 'x'", false],
  ["insert of a row", "INSERT INTO small_codes VALUES ('a', 'b')", "refused"],
  ["update of a row", "UPDATE tickets SET status = 'open' WHERE id = 5", false],
  ["delete of a row", "DELETE FROM small_codes WHERE code = 'a'", false],
  ["most of the rows", "SELECT * FROM tickets WHERE status = 'closed'", false],
  ["not equal", "SELECT * FROM tickets WHERE score <> 5", false],
  ["the first few of any", "SELECT * FROM tickets LIMIT 5", false],
  ["a join of small tables", "SELECT * FROM tenants t JOIN small_codes s ON s.code = t.name", false],
  ["half of the messages", "SELECT * FROM messages WHERE author_id > 100 AND created_at > '2023-01-02'", false],
  ["random rows", "SELECT * FROM tickets WHERE random() < 0.01", false],
  ["a row of a parent", "SELECT * FROM tenants WHERE id = $1", false],
];
