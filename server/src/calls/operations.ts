/** The operations of a model in Prisma Client, and what each is called in the protocol of the query compiler. */

const protocolActions = {
  findUnique: "findUnique",
  findUniqueOrThrow: "findUniqueOrThrow",
  findFirst: "findFirst",
  findFirstOrThrow: "findFirstOrThrow",
  findMany: "findMany",
  create: "createOne",
  createMany: "createMany",
  createManyAndReturn: "createManyAndReturn",
  update: "updateOne",
  updateMany: "updateMany",
  updateManyAndReturn: "updateManyAndReturn",
  upsert: "upsertOne",
  delete: "deleteOne",
  deleteMany: "deleteMany",
  count: "aggregate",
  aggregate: "aggregate",
  groupBy: "groupBy",
} as const;

export type CallOperation = keyof typeof protocolActions;

export const operationNames: readonly string[] = Object.keys(protocolActions);

export function operationNamed(name: string): CallOperation | undefined {
  return isOperation(name) ? name : undefined;
}

function isOperation(name: string): name is CallOperation {
  return Object.hasOwn(protocolActions, name);
}

export function protocolAction(operation: CallOperation): string {
  return protocolActions[operation];
}

/** Whether its `where` must name one row: by the key or by something else that is unique. */
export function namesOneRow(operation: CallOperation): boolean {
  return /^(?:findUnique|findUniqueOrThrow|update|upsert|delete)$/.test(operation);
}
