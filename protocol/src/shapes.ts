/** What the shapes of all messages are put together from. */
import * as v from "valibot";

/** The shapes of an interface's methods, each of which takes one parameter at most. */
export type MethodsOf<Interface> = {
  readonly [Name in keyof Interface]: Interface[Name] extends (...params: infer Params) => infer Result
    ? { readonly params: v.GenericSchema<unknown, Params extends [infer Only] ? Only : null>; readonly result: v.GenericSchema<unknown, Result> }
    : never;
};

export const list = <Item>(item: v.GenericSchema<unknown, Item>): v.GenericSchema<unknown, readonly Item[]> => v.array(item);
