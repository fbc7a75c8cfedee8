-- from the slow query log

-- CreateIndex
CREATE INDEX "Account_organizationId_idx" ON "Account"("organizationId");

-- CreateIndex
CREATE INDEX "Contact_accountId_idx" ON "Contact"("accountId");

-- CreateIndex
CREATE INDEX "Contact_accountId_lastName_idx" ON "Contact"("accountId", "lastName");

-- CreateIndex
CREATE INDEX "lead_email" ON "Lead"("email");

-- CreateIndex
CREATE INDEX "Opportunity_stageId_idx" ON "Opportunity"("stageId");
