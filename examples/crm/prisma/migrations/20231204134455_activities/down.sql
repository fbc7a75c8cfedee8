-- Rows: The table public.activities goes, with all its rows.
-- Rows: The table public.email_recipients goes, with all its rows.
-- Rows: The table public.email_threads goes, with all its rows.
-- Rows: The table public.emails goes, with all its rows.
-- Rows: The table public.meeting_attendees goes, with all its rows.
-- Rows: The table public.meetings goes, with all its rows.
-- Rows: The table public.notes goes, with all its rows.
-- Rows: The table public.tasks goes, with all its rows.

-- Gives up rather than hold up everybody behind it.
SET LOCAL lock_timeout = '5s';

-- DropForeignKey
ALTER TABLE "email_recipients" DROP CONSTRAINT "email_recipients_organization_id_contact_id_fkey";

-- DropForeignKey
ALTER TABLE "email_recipients" DROP CONSTRAINT "email_recipients_organization_id_email_id_fkey";

-- DropForeignKey
ALTER TABLE "emails" DROP CONSTRAINT "emails_organization_id_activity_id_fkey";

-- DropForeignKey
ALTER TABLE "emails" DROP CONSTRAINT "emails_organization_id_thread_id_fkey";

-- DropForeignKey
ALTER TABLE "meeting_attendees" DROP CONSTRAINT "meeting_attendees_organization_id_contact_id_fkey";

-- DropForeignKey
ALTER TABLE "meeting_attendees" DROP CONSTRAINT "meeting_attendees_organization_id_meeting_id_fkey";

-- DropForeignKey
ALTER TABLE "meeting_attendees" DROP CONSTRAINT "meeting_attendees_organization_id_membership_id_fkey";

-- DropForeignKey
ALTER TABLE "meetings" DROP CONSTRAINT "meetings_organization_id_activity_id_fkey";

-- DropForeignKey
ALTER TABLE "notes" DROP CONSTRAINT "notes_organization_id_activity_id_fkey";

-- DropForeignKey
ALTER TABLE "tasks" DROP CONSTRAINT "tasks_organization_id_activity_id_fkey";

-- DropForeignKey
ALTER TABLE "tasks" DROP CONSTRAINT "tasks_organization_id_assignee_id_fkey";

-- DropTable
-- The table public.activities goes, with all its rows.
DROP TABLE "activities";

-- DropTable
-- The table public.email_recipients goes, with all its rows.
DROP TABLE "email_recipients";

-- DropTable
-- The table public.email_threads goes, with all its rows.
DROP TABLE "email_threads";

-- DropTable
-- The table public.emails goes, with all its rows.
DROP TABLE "emails";

-- DropTable
-- The table public.meeting_attendees goes, with all its rows.
DROP TABLE "meeting_attendees";

-- DropTable
-- The table public.meetings goes, with all its rows.
DROP TABLE "meetings";

-- DropTable
-- The table public.notes goes, with all its rows.
DROP TABLE "notes";

-- DropTable
-- The table public.tasks goes, with all its rows.
DROP TABLE "tasks";

-- DropEnum
DROP TYPE "activity_kind";

-- DropEnum
DROP TYPE "attendee_response";

-- DropEnum
DROP TYPE "email_direction";

-- DropEnum
DROP TYPE "recipient_kind";

-- DropEnum
DROP TYPE "task_priority";

-- DropEnum
DROP TYPE "task_status";
