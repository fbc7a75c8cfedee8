-- AlterTable
ALTER TABLE "_ContactToTag" ADD CONSTRAINT "_ContactToTag_AB_pkey" PRIMARY KEY ("A", "B");

-- DropIndex
DROP INDEX "_ContactToTag_AB_unique";
