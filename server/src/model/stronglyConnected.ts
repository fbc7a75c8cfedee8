/** Circles in a graph, by Tarjan's algorithm with a stack of its own: a chain of any length is walked without recursion. */

/**
 * The strongly connected components of a graph whose nodes are 0 to n - 1, each as a list of its nodes; what a component
 * leads to comes before it. Linear in nodes and edges.
 */
export function stronglyConnected(targets: readonly (readonly number[])[]): readonly (readonly number[])[] {
  const count = targets.length;
  const order = new Int32Array(count).fill(-1);
  const low = new Int32Array(count);
  const isOpen = new Uint8Array(count);
  const nextTarget = new Int32Array(count);
  const open: number[] = [];
  const components: number[][] = [];
  let visited = 0;
  for (let root = 0; root < count; root++) {
    if (order[root] !== -1) continue;
    const path = [root];
    for (let node = path.at(-1); node !== undefined; node = path.at(-1)) {
      if (order[node] === -1) {
        order[node] = low[node] = visited++;
        isOpen[node] = 1;
        open.push(node);
      }
      const target = targets[node]?.[nextTarget[node] ?? 0];
      if (target !== undefined) {
        nextTarget[node] = (nextTarget[node] ?? 0) + 1;
        if (order[target] === -1) path.push(target);
        else if (isOpen[target] === 1) low[node] = Math.min(low[node] ?? 0, order[target] ?? 0);
        continue;
      }
      path.pop();
      const parent = path.at(-1);
      if (parent !== undefined) low[parent] = Math.min(low[parent] ?? 0, low[node] ?? 0);
      if (low[node] === order[node]) components.push(takeFrom(open, node, isOpen));
    }
  }
  return components;
}

/** The nodes of `open` from `first` on: they are one component, and closed. */
function takeFrom(open: number[], first: number, isOpen: Uint8Array): number[] {
  const component = open.splice(open.lastIndexOf(first));
  for (const node of component) isOpen[node] = 0;
  return component;
}
