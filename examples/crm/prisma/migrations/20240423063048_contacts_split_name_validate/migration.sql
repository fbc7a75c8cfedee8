-- Contacts get given_name and family_name instead of full_name (3 of 4: validate).
--
-- Reads the table under SHARE UPDATE EXCLUSIVE: everybody goes on working.

ALTER TABLE contacts VALIDATE CONSTRAINT contacts_family_name_check;
