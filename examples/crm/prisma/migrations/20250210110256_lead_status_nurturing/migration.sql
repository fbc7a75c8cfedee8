-- A lead may be worth waiting for. The new value has its place between WORKING and QUALIFIED, and is used by nothing in
-- this file: PostgreSQL allows that only after the transaction that adds it.

-- AlterEnum
ALTER TYPE "lead_status" ADD VALUE 'NURTURING' BEFORE 'QUALIFIED';
