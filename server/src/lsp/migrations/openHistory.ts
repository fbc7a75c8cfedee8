/** The histories of a workspace, by the URIs of their folders. */
import type { MigrationHistoryListing } from "../../../../protocol/src/migrations.ts";
import { uriOfPath } from "../../prisma/fileUris.ts";
import { type MigrationsPlace, migrationsPlaceOf } from "../../workspace/migrations.ts";
import type { Project } from "../../workspace/projects.ts";
import type { Snapshot } from "../../workspace/snapshot.ts";
import { finishInSlices } from "../../workspace/steps.ts";

export async function historiesOf(snapshot: Snapshot): Promise<readonly MigrationHistoryListing[]> {
  return (await placesIn(snapshot)).map(({ project, place }) => ({
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

export async function projectWithHistory(snapshot: Snapshot, id: string): Promise<ProjectWithHistory | undefined> {
  return (await placesIn(snapshot)).find(({ place }) => uriOfPath(place.root) === id);
}

async function placesIn(snapshot: Snapshot): Promise<readonly ProjectWithHistory[]> {
  const projects = await finishInSlices(snapshot.projects(), () => false);
  return projects.flatMap((project) => {
    const place = migrationsPlaceOf(project);
    return place === undefined ? [] : [{ project, place }];
  });
}
