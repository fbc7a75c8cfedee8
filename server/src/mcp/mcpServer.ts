/**
 * Speaks the Model Context Protocol over the standard streams of this process: offers tools that only read, and has
 * others answer. A bundle of its own, for nothing else needs the protocol's library.
 */
import { Server, type Tool } from "@modelcontextprotocol/server";
import { serveStdio } from "@modelcontextprotocol/server/stdio";

export interface OfferedTool {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly inputSchema: { readonly type: "object" } & Readonly<Record<string, unknown>>;
}

export interface McpOptions {
  readonly version: string;
  /** For the assistant: what these tools are for. */
  readonly instructions: string;
  readonly tools: readonly OfferedTool[];
  /** Never rejects but when `signal` has fired: then nobody waits for an answer. */
  answer(tool: string, input: unknown, signal: AbortSignal): Promise<{ readonly text: string; readonly isError: boolean }>;
  log(what: string, error: unknown): void;
}

/** Serves one client; resolves when it has closed the stream. */
export async function serveMcp(options: McpOptions): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    process.stdin.once("end", resolve).once("close", resolve);
  });
  const served = serveStdio(() => mcpServer(options), { onerror: (error) => options.log("the Model Context Protocol", error) });
  await closed;
  await served.close();
}

function mcpServer({ version, instructions, tools, answer }: McpOptions): Server {
  const server = new Server({ name: "database-architect", title: "Database Architect", version }, { capabilities: { tools: {} }, instructions });
  server.setRequestHandler("tools/list", () => ({ tools: tools.map(listed) }));
  server.setRequestHandler("tools/call", async ({ params }, { mcpReq }) => {
    const { text, isError } = await answer(params.name, params.arguments, mcpReq.signal);
    return { content: [{ type: "text" as const, text }], isError };
  });
  return server;
}

function listed({ name, title, description, inputSchema }: OfferedTool): Tool {
  return { name, title, description, inputSchema, annotations: { title, readOnlyHint: true, idempotentHint: true, openWorldHint: false } };
}
