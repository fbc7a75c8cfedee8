-- One timeline for tasks, notes, e-mails, meetings and calls.
--
-- What an activity belongs to is named by real foreign keys, one for each kind of record, and at least one is set:
-- a pair of type and id could not be checked by anybody.

SET LOCAL lock_timeout = '3s';

-- CreateEnum
CREATE TYPE "activity_kind" AS ENUM ('TASK', 'NOTE', 'EMAIL', 'MEETING', 'CALL');

-- CreateEnum
CREATE TYPE "task_status" AS ENUM ('OPEN', 'DONE', 'CANCELLED');

-- CreateEnum
CREATE TYPE "task_priority" AS ENUM ('LOW', 'NORMAL', 'HIGH');

-- CreateEnum
CREATE TYPE "email_direction" AS ENUM ('INBOUND', 'OUTBOUND');

-- CreateEnum
CREATE TYPE "recipient_kind" AS ENUM ('TO', 'CC', 'BCC');

-- CreateEnum
CREATE TYPE "attendee_response" AS ENUM ('PENDING', 'ACCEPTED', 'TENTATIVE', 'DECLINED');

-- CreateTable
CREATE TABLE "activities" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "kind" "activity_kind" NOT NULL,
    "subject" TEXT NOT NULL,
    "occurred_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "author_id" UUID NOT NULL,
    "account_id" UUID,
    "contact_id" UUID,
    "opportunity_id" UUID,
    "lead_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "activities_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "activities_subject_of_check" CHECK (num_nonnulls("account_id", "contact_id", "opportunity_id", "lead_id") >= 1)
);

-- CreateTable
CREATE TABLE "tasks" (
    "activity_id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "assignee_id" UUID NOT NULL,
    "status" "task_status" NOT NULL DEFAULT 'OPEN',
    "priority" "task_priority" NOT NULL DEFAULT 'NORMAL',
    "due_at" TIMESTAMPTZ(3) NOT NULL,
    "completed_at" TIMESTAMPTZ(3),

    CONSTRAINT "tasks_pkey" PRIMARY KEY ("activity_id"),
    CONSTRAINT "tasks_completed_at_check" CHECK (("status" = 'DONE') = ("completed_at" IS NOT NULL))
);

-- CreateTable
CREATE TABLE "notes" (
    "activity_id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "body" TEXT NOT NULL,
    "is_pinned" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "notes_pkey" PRIMARY KEY ("activity_id")
);

-- CreateTable
CREATE TABLE "email_threads" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "subject" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "email_threads_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "emails" (
    "activity_id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "thread_id" UUID NOT NULL,
    "direction" "email_direction" NOT NULL,
    "message_id" TEXT NOT NULL,
    "from_address" CITEXT NOT NULL,
    "body_text" TEXT NOT NULL,
    "sent_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "emails_pkey" PRIMARY KEY ("activity_id")
);

-- CreateTable
CREATE TABLE "email_recipients" (
    "organization_id" UUID NOT NULL,
    "email_id" UUID NOT NULL,
    "kind" "recipient_kind" NOT NULL DEFAULT 'TO',
    "address" CITEXT NOT NULL,
    "contact_id" UUID,

    CONSTRAINT "email_recipients_pkey" PRIMARY KEY ("organization_id","email_id","kind","address")
);

-- CreateTable
CREATE TABLE "meetings" (
    "activity_id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "starts_at" TIMESTAMPTZ(3) NOT NULL,
    "ends_at" TIMESTAMPTZ(3) NOT NULL,
    "location" TEXT,
    "conference_url" TEXT,

    CONSTRAINT "meetings_pkey" PRIMARY KEY ("activity_id"),
    CONSTRAINT "meetings_time_check" CHECK ("ends_at" > "starts_at")
);

-- CreateTable
CREATE TABLE "meeting_attendees" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "meeting_id" UUID NOT NULL,
    "membership_id" UUID,
    "contact_id" UUID,
    "response" "attendee_response" NOT NULL DEFAULT 'PENDING',
    "responded_at" TIMESTAMPTZ(3),

    CONSTRAINT "meeting_attendees_pkey" PRIMARY KEY ("organization_id","id"),
    CONSTRAINT "meeting_attendees_who_check" CHECK (num_nonnulls("membership_id", "contact_id") = 1)
);

-- CreateIndex
CREATE INDEX "activities_account_timeline_idx" ON "activities"("organization_id", "account_id", "occurred_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "activities_contact_timeline_idx" ON "activities"("organization_id", "contact_id", "occurred_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "activities_opportunity_timeline_idx" ON "activities"("organization_id", "opportunity_id", "occurred_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "activities_lead_timeline_idx" ON "activities"("organization_id", "lead_id", "occurred_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "activities_organization_id_author_id_occurred_at_idx" ON "activities"("organization_id", "author_id", "occurred_at" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "activities_organization_id_id_key" ON "activities"("organization_id", "id");

-- CreateIndex
CREATE INDEX "tasks_organization_id_assignee_id_due_at_idx" ON "tasks"("organization_id", "assignee_id", "due_at");

-- CreateIndex
CREATE UNIQUE INDEX "tasks_organization_id_activity_id_key" ON "tasks"("organization_id", "activity_id");

-- CreateIndex
CREATE UNIQUE INDEX "notes_organization_id_activity_id_key" ON "notes"("organization_id", "activity_id");

-- CreateIndex
CREATE UNIQUE INDEX "email_threads_organization_id_id_key" ON "email_threads"("organization_id", "id");

-- CreateIndex
CREATE INDEX "emails_organization_id_thread_id_sent_at_idx" ON "emails"("organization_id", "thread_id", "sent_at");

-- CreateIndex
CREATE UNIQUE INDEX "emails_organization_id_activity_id_key" ON "emails"("organization_id", "activity_id");

-- CreateIndex
CREATE UNIQUE INDEX "emails_organization_id_message_id_key" ON "emails"("organization_id", "message_id");

-- CreateIndex
CREATE INDEX "email_recipients_organization_id_contact_id_idx" ON "email_recipients"("organization_id", "contact_id");

-- CreateIndex
CREATE INDEX "meetings_organization_id_starts_at_idx" ON "meetings"("organization_id", "starts_at");

-- CreateIndex
CREATE UNIQUE INDEX "meetings_organization_id_activity_id_key" ON "meetings"("organization_id", "activity_id");

-- CreateIndex
CREATE INDEX "meeting_attendees_organization_id_meeting_id_idx" ON "meeting_attendees"("organization_id", "meeting_id");

-- CreateIndex
CREATE INDEX "meeting_attendees_organization_id_membership_id_idx" ON "meeting_attendees"("organization_id", "membership_id");

-- CreateIndex
CREATE INDEX "meeting_attendees_organization_id_contact_id_idx" ON "meeting_attendees"("organization_id", "contact_id");

-- AddForeignKey
ALTER TABLE "activities" ADD CONSTRAINT "activities_organization_id_author_id_fkey" FOREIGN KEY ("organization_id", "author_id") REFERENCES "memberships"("organization_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "activities" ADD CONSTRAINT "activities_organization_id_account_id_fkey" FOREIGN KEY ("organization_id", "account_id") REFERENCES "accounts"("organization_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "activities" ADD CONSTRAINT "activities_organization_id_contact_id_fkey" FOREIGN KEY ("organization_id", "contact_id") REFERENCES "contacts"("organization_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "activities" ADD CONSTRAINT "activities_organization_id_opportunity_id_fkey" FOREIGN KEY ("organization_id", "opportunity_id") REFERENCES "opportunities"("organization_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "activities" ADD CONSTRAINT "activities_organization_id_lead_id_fkey" FOREIGN KEY ("organization_id", "lead_id") REFERENCES "leads"("organization_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "tasks" ADD CONSTRAINT "tasks_organization_id_activity_id_fkey" FOREIGN KEY ("organization_id", "activity_id") REFERENCES "activities"("organization_id", "id") ON DELETE CASCADE ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "tasks" ADD CONSTRAINT "tasks_organization_id_assignee_id_fkey" FOREIGN KEY ("organization_id", "assignee_id") REFERENCES "memberships"("organization_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "notes" ADD CONSTRAINT "notes_organization_id_activity_id_fkey" FOREIGN KEY ("organization_id", "activity_id") REFERENCES "activities"("organization_id", "id") ON DELETE CASCADE ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "email_threads" ADD CONSTRAINT "email_threads_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "emails" ADD CONSTRAINT "emails_organization_id_activity_id_fkey" FOREIGN KEY ("organization_id", "activity_id") REFERENCES "activities"("organization_id", "id") ON DELETE CASCADE ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "emails" ADD CONSTRAINT "emails_organization_id_thread_id_fkey" FOREIGN KEY ("organization_id", "thread_id") REFERENCES "email_threads"("organization_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "email_recipients" ADD CONSTRAINT "email_recipients_organization_id_email_id_fkey" FOREIGN KEY ("organization_id", "email_id") REFERENCES "emails"("organization_id", "activity_id") ON DELETE CASCADE ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "email_recipients" ADD CONSTRAINT "email_recipients_organization_id_contact_id_fkey" FOREIGN KEY ("organization_id", "contact_id") REFERENCES "contacts"("organization_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "meetings" ADD CONSTRAINT "meetings_organization_id_activity_id_fkey" FOREIGN KEY ("organization_id", "activity_id") REFERENCES "activities"("organization_id", "id") ON DELETE CASCADE ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "meeting_attendees" ADD CONSTRAINT "meeting_attendees_organization_id_meeting_id_fkey" FOREIGN KEY ("organization_id", "meeting_id") REFERENCES "meetings"("organization_id", "activity_id") ON DELETE CASCADE ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "meeting_attendees" ADD CONSTRAINT "meeting_attendees_organization_id_membership_id_fkey" FOREIGN KEY ("organization_id", "membership_id") REFERENCES "memberships"("organization_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "meeting_attendees" ADD CONSTRAINT "meeting_attendees_organization_id_contact_id_fkey" FOREIGN KEY ("organization_id", "contact_id") REFERENCES "contacts"("organization_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- updated_at is right whoever writes
CREATE TRIGGER set_updated_at BEFORE UPDATE ON activities
    FOR EACH ROW EXECUTE FUNCTION set_updated_at();

-- Nobody is asked to the same meeting twice
CREATE UNIQUE INDEX meeting_attendees_membership_key ON meeting_attendees (organization_id, meeting_id, membership_id) WHERE membership_id IS NOT NULL;

CREATE UNIQUE INDEX meeting_attendees_contact_key ON meeting_attendees (organization_id, meeting_id, contact_id) WHERE contact_id IS NOT NULL;

-- What is due: open tasks are few, finished ones many
CREATE INDEX tasks_open_idx ON tasks (organization_id, due_at) WHERE status = 'OPEN';
