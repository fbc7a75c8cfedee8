/** The histories of a workspace, by the URIs of their folders. */
import type { MigrationHistoryListing } from "../../../../protocol/src/migrations.ts";
import { uriOfPath } from "../../prisma/fileUris.ts";
import { type MigrationsPlace, migrationsPlaceOf } from "../../workspace/migrations.ts";
import type { Project } from "../../workspace/projects.ts";
import type { Snapshot } from "../../workspace/snapshot.ts";
import { finish } from "../../workspace/steps.ts";

export function historiesOf(snapshot: Snapshot): readonly MigrationHistoryListing[] {
  return placesIn(snapshot).map(({ project, place }) => ({
    id: uriOfPath(place.root),
    name: project.name,
    kind: place.kind,
    migrations: place.uris.length,
    hasSchema: project.prisma !== undefined,
  }));
}

export interface ProjectWithHistory {
  readonly project: Project;
  readonly place: MigrationsPlace;
}

export function projectWithHistory(snapshot: Snapshot, id: string): ProjectWithHistory | undefined {
  return placesIn(snapshot).find(({ place }) => uriOfPath(place.root) === id);
}

function placesIn(snapshot: Snapshot): readonly ProjectWithHistory[] {
  return finish(snapshot.projects()).flatMap((project) => {
    const place = migrationsPlaceOf(project);
    return place === undefined ? [] : [{ project, place }];
  });
}
