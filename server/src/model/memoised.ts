/** Answers kept for as long as what they are about lives: a schema or a table, which never change. */

/** `answer`, asked once for each key. */
export function memoised<K extends object, V>(answer: (key: K) => V): (key: K) => V {
  const answers = new WeakMap<K, { readonly value: V }>();
  return (key) => {
    let known = answers.get(key);
    if (known === undefined) {
      known = { value: answer(key) };
      answers.set(key, known);
    }
    return known.value;
  };
}
