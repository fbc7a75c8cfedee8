import assert from "node:assert/strict";
import { deletionOf } from "../../../server/src/erd/deletion.ts";
import { loadSqlParser } from "../../../server/src/sql/parse.ts";
import { parsePrismaText, parseSqlText } from "../../support/schemas.ts";

before(() => loadSqlParser());

describe("a delete that is simulated", () => {
  const sql = `CREATE TABLE customers (id int PRIMARY KEY, parent_id int REFERENCES customers ON DELETE SET NULL);
CREATE TABLE orders (id int PRIMARY KEY, customer_id int NOT NULL REFERENCES customers ON DELETE CASCADE);
CREATE TABLE lines (id int PRIMARY KEY, order_id int REFERENCES orders ON DELETE CASCADE, customer_id int REFERENCES customers);
CREATE TABLE notes (id int PRIMARY KEY, customer_id int REFERENCES customers ON DELETE SET DEFAULT);
CREATE TABLE invoices (id int PRIMARY KEY, order_id int REFERENCES orders ON DELETE RESTRICT);`;

  it("tells each effect with its relation, nearest first", () => {
    const { effects } = deletionOf(parseSqlText(sql).schema, "public.customers");
    assert.deepEqual(
      effects.map(({ relation, effect, distance, text }) => [relation, effect, distance, text]),
      [
        ["public.customers.customers_parent_id_fkey", "nulled", 1, "Rows of customers stay, and parent_id becomes null."],
        [
          "public.lines.lines_customer_id_fkey",
          "blocked",
          1,
          "Refused while lines has rows that refer to customers by customer_id (ON DELETE NO ACTION).",
        ],
        ["public.notes.notes_customer_id_fkey", "defaulted", 1, "Rows of notes stay, and customer_id becomes its default, which must be a row of customers or null."],
        ["public.orders.orders_customer_id_fkey", "deleted", 1, "Rows of orders are deleted with their row of customers (customer_id, ON DELETE CASCADE)."],
        ["public.invoices.invoices_order_id_fkey", "blocked", 2, "Refused while invoices has rows that refer to orders by order_id (ON DELETE RESTRICT)."],
        ["public.lines.lines_order_id_fkey", "deleted", 2, "Rows of lines are deleted with their row of orders (order_id, ON DELETE CASCADE)."],
      ],
    );
  });

  it("is summed up in words", () => {
    const { schema } = parseSqlText(sql);
    assert.equal(
      deletionOf(schema, "public.customers").summary,
      "A DELETE from customers is refused while rows of lines and invoices refer to what it takes. Otherwise it deletes rows of orders and lines, empties references of customers and sets references of notes to their default.",
    );
    assert.equal(deletionOf(schema, "public.lines").summary, "A DELETE from lines touches no other table.");
    assert.deepEqual(deletionOf(schema, "public.nothing"), { table: "public.nothing", effects: [], summary: "A DELETE from public.nothing touches no other table." });
  });

  it("says of a key that comes too late to refuse what it would refuse", () => {
    const circle = `CREATE TABLE departments (id int PRIMARY KEY, head_id int);
      CREATE TABLE employees (id int PRIMARY KEY, department_id int REFERENCES departments ON DELETE CASCADE);
      ALTER TABLE departments ADD FOREIGN KEY (head_id) REFERENCES employees;`;
    assert.equal(
      deletionOf(parseSqlText(circle).schema, "public.departments").summary,
      "A DELETE from departments deletes rows of employees. Rows of departments that hang on nothing else that is deleted would refuse it.",
    );
  });

  it("goes through the join table of an implicit many-to-many relation", () => {
    const { schema } = parsePrismaText(
      'datasource db {\n  provider = "postgresql"\n}\nmodel Post {\n  id Int @id\n  tags Tag[]\n}\nmodel Tag {\n  id Int @id\n  posts Post[]\n}\n',
    );
    assert.deepEqual(deletionOf(schema, "public.Post").effects.map(({ table, relation, effect }) => [table, relation, effect]), [
      ["public._PostToTag", "public._PostToTag", "deleted"],
    ]);
  });
});
