-- Old rows have the default, so this finds nothing; the planner may now rely on it.

ALTER TABLE accounts VALIDATE CONSTRAINT accounts_custom_values_check;

ALTER TABLE contacts VALIDATE CONSTRAINT contacts_custom_values_check;

ALTER TABLE opportunities VALIDATE CONSTRAINT opportunities_custom_values_check;
