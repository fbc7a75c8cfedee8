/** Questions in steps, with a way back. A step that is left with Escape ends them all. */
import { QuickInputButtons, type QuickPickItem, window } from "vscode";

export interface TextQuestion {
  readonly title: string;
  readonly step?: readonly [number, number] | undefined;
  readonly prompt: string;
  readonly placeholder?: string;
  readonly value?: string;
  readonly isSecret?: boolean;
  readonly hasWayBack?: boolean;
  /** What is wrong with it, as a sentence; undefined when it can be taken. */
  check?(text: string): string | undefined | Promise<string | undefined>;
}

export const back = Symbol("back");

/** Undefined when the person left. */
export async function askText(question: TextQuestion): Promise<string | typeof back | undefined> {
  const box = window.createInputBox();
  box.title = question.title;
  if (question.step !== undefined) [box.step, box.totalSteps] = question.step;
  box.prompt = question.prompt;
  box.placeholder = question.placeholder ?? "";
  box.value = question.value ?? "";
  box.password = question.isSecret === true;
  box.ignoreFocusOut = true;
  if (question.hasWayBack === true) box.buttons = [QuickInputButtons.Back];
  try {
    return await new Promise((resolve) => {
      box.onDidChangeValue(() => {
        box.validationMessage = undefined;
      });
      box.onDidTriggerButton(() => resolve(back));
      box.onDidHide(() => resolve(undefined));
      box.onDidAccept(async () => {
        const { value } = box;
        box.busy = true;
        box.enabled = false;
        const complaint = await question.check?.(value);
        box.busy = false;
        box.enabled = true;
        if (complaint === undefined) resolve(value);
        else box.validationMessage = complaint;
      });
      box.show();
    });
  } finally {
    box.dispose();
  }
}

export interface Choice<T> extends QuickPickItem {
  readonly value?: T;
}

export async function choose<T>(title: string, placeholder: string, choices: readonly Choice<T>[]): Promise<T | undefined> {
  const chosen = await window.showQuickPick(choices, { title, placeHolder: placeholder, matchOnDescription: true, matchOnDetail: true, ignoreFocusOut: false });
  return chosen?.value;
}
