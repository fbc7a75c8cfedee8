import { fileURLToPath } from "node:url";
import type { IGrammar } from "vscode-textmate";
import { checkScopes, loadGrammar } from "../../support/scopes.ts";

describe("The Prisma grammar", () => {
  let grammar: IGrammar;
  before(async () => {
    grammar = await loadGrammar("source.prisma", { "source.prisma": fileURLToPath(new URL("../../../syntaxes/prisma.tmLanguage.json", import.meta.url)) });
  });

  it("names blocks of every kind", () => {
    checkScopes(
      grammar,
      `
      model User {
//    ^^^^^ storage.type.model
//          ^^^^ entity.name.type.model
      }
      view Report {
//    ^^^^ storage.type.view
//         ^^^^^^ entity.name.type.view
      }
      type Address {
//    ^^^^ storage.type.type
      }
      enum Role {
//    ^^^^ storage.type.enum
//         ^^^^ entity.name.type.enum
      }
      datasource db {
//    ^^^^^^^^^^ storage.type.datasource
      }
      generator client {
//    ^^^^^^^^^ storage.type.generator
      }`,
    );
  });

  it("tells a field's name, type and modifiers apart", () => {
    checkScopes(
      grammar,
      `
      model User {
        email  String?
//      ^^^^^ variable.other.member
//             ^^^^^^ support.type.primitive
//                   ^ keyword.operator.optional
        orders Order[]
//             ^^^^^ entity.name.type.reference
//                  ^^ keyword.operator.list
        place  Unsupported("point")?
//             ^^^^^^^^^^^ support.type.unsupported
//                         ^^^^^^^ string.quoted.double
//                                 ^ keyword.operator.optional
        Int    Stringly
//      ^^^ variable.other.member
//             ^^^^^^^^ entity.name.type.reference
      }`,
    );
  });

  it("tells attributes, native types and their arguments apart", () => {
    checkScopes(
      grammar,
      `
      model User {
        id   String @id @default(uuid(7)) @db.Uuid
//                  ^ punctuation.definition.attribute
//                   ^^ entity.name.function.attribute.field
//                               ^^^^ support.function
//                                    ^ constant.numeric
//                                         ^^ entity.name.function.attribute.datasource
//                                            ^^^^ entity.name.function.attribute.native-type
        rate Decimal @default(-1.5) @db.Decimal(12, 2) // money
//                            ^^^^ constant.numeric
//                                              ^^ constant.numeric
//                                                     ^^^^^^^^ comment.line.double-slash
        team Team @relation("lead", fields: [teamId], references: [id], onDelete: Cascade)
//                 ^^^^^^^^ entity.name.function.attribute.field
//                          ^^^^^^ string.quoted.double
//                                  ^^^^^^ variable.parameter
//                                           ^^^^^^ variable.other.readwrite
//                                                                                ^^^^^^^ variable.other.enummember
        done Boolean @default(false)
//                            ^^^^^ constant.language
      }`,
    );
  });

  it("reads block attributes over several lines", () => {
    checkScopes(
      grammar,
      `
      model User {
        @@index([name(ops: raw("gin_trgm_ops")), createdAt(sort: Desc)], type: Gin, map: "user_name")
//      ^^ punctuation.definition.attribute
//        ^^^^^ entity.name.function.attribute.block
//                    ^^^ variable.parameter
//                             ^^^^^^^^^^^^^^ string.quoted.double
//                                                               ^^^^ variable.other.enummember
//                                                                             ^^^ variable.other.enummember
        @@unique(
          fields: [organisationId, email],
//        ^^^^^^ variable.parameter
//                 ^^^^^^^^^^^^^^ variable.other.readwrite
          // the address a person signs in with
//        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ comment.line.double-slash
          map: "user_email"
//             ^^^^^^^^^^^ string.quoted.double
        )
        @@map("users")
//        ^^^ entity.name.function.attribute.block
      }`,
    );
  });

  it("reads enum values and their attributes", () => {
    checkScopes(
      grammar,
      `
      enum Role {
        ADMIN @map("admin")
//      ^^^^^ variable.other.enummember
//             ^^^ entity.name.function.attribute.field
        GUEST // reads only
//            ^^^^^^^^^^^^^ comment.line
        @@schema("auth")
//        ^^^^^^ entity.name.function.attribute.block
      }`,
    );
  });

  it("reads datasources and generators", () => {
    checkScopes(
      grammar,
      `
      datasource db {
        url        = env("DATABASE_URL")
//      ^^^ variable.other.property
//                 ^ keyword.operator.assignment
//                   ^^^ support.function
        extensions = [pg_trgm, postgis(version: "3.4", schema: "public")]
//                    ^^^^^^^ variable.other.readwrite
//                             ^^^^^^^ support.function
//                                     ^^^^^^^ variable.parameter
        schemas    = ["public", "auth"]
//                    ^^^^^^^^ string.quoted.double
      }`,
    );
  });

  it("tells documentation from other comments", () => {
    checkScopes(
      grammar,
      `
      /// A person who signs in.
//    ^^^^^^^^^^^^^^^^^^^^^^^^^^ comment.line.documentation
      /* not used
         yet */ model User {
//       ^^^^^^ comment.block
//              ^^^^^ ! comment.block
      }`,
    );
  });

  it("recovers from half-typed text at the next line", () => {
    checkScopes(
      grammar,
      `
      model User {
        name String @default("
        mail String
//      ^^^^ variable.other.readwrite
        )
        done Boolean
//      ^^^^ variable.other.member
        team
        lead User @
        size Int
//      ^^^^ variable.other.member
      }
      model Team {
//    ^^^^^ storage.type.model`,
    );
  });
});
