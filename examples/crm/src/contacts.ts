/** Contacts: a list that pages by key, and a search that its index answers. */
import { asMember, type Member } from "./database.ts";

/**
 * Fifty contacts of an account after the one last seen, by name; one statement a relation level, whatever the number of
 * contacts. Nothing in the order may be null: by given name too, Prisma would read every contact from the cursor on.
 */
export function contactsOfAccount(member: Member, accountId: string, lastSeen?: string) {
  return asMember(member, (tx) =>
    tx.contact.findMany({
      where: { organizationId: member.organizationId, accountId, deletedAt: null },
      orderBy: [{ familyName: "asc" }, { id: "asc" }],
      take: 50,
      ...(lastSeen === undefined ? {} : { cursor: { id: lastSeen }, skip: 1 }),
      select: {
        id: true,
        givenName: true,
        familyName: true,
        email: true,
        owner: { select: { user: { select: { displayName: true } } } },
        phones: { select: { kind: true, number: true } },
      },
    }),
  );
}

export interface FoundContact {
  readonly id: string;
  readonly given_name: string | null;
  readonly family_name: string;
  readonly email: string | null;
}

/** The expression must be that of contacts_search_idx; see queries/02-contact-search.sql. */
export function searchContacts(member: Member, typed: string) {
  const pattern = `%${typed.replace(/[\\%_]/g, "\\$&")}%`;
  return asMember(
    member,
    (tx) => tx.$queryRaw<FoundContact[]>`
      SELECT id, given_name, family_name, email::text
      FROM contacts
      WHERE organization_id = ${member.organizationId}::uuid
        AND deleted_at IS NULL
        AND (coalesce(given_name || ' ', '') || family_name || coalesce(' ' || email::text, '')) ILIKE ${pattern}
      ORDER BY family_name, id
      LIMIT 20`,
  );
}
