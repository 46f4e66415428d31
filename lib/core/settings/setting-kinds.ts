interface Words {
  /** As the settings page calls it. */
  readonly label: string;
  /** What changes for people when it is changed. */
  readonly hint: string;
}

export interface NumberSetting extends Words {
  readonly kind: "number";
  readonly from: number;
  readonly to: number;
  /** Shown behind the number, e.g. `answers`, `MB`. */
  readonly unit: string;
  /** Digits after the point; 0 = whole numbers. */
  readonly decimals: number;
  readonly fallback: number;
}

export interface ChoiceSetting<T extends string = string> extends Words {
  readonly kind: "choice";
  readonly options: readonly T[];
  readonly fallback: T;
}

export interface SwitchSetting extends Words {
  readonly kind: "switch";
  readonly fallback: boolean;
}

export interface TextSetting extends Words {
  readonly kind: "text";
  /** Characters. */
  readonly longest: number;
  readonly fallback: string;
}

export type Setting = NumberSetting | ChoiceSetting | SwitchSetting | TextSetting;

/** What a setting's value is to the code that reads it. */
export type ValueOf<S extends Setting> =
  S extends ChoiceSetting<infer T>
    ? T
    : S extends NumberSetting
      ? number
      : S extends SwitchSetting
        ? boolean
        : string;

type Given<S> = Omit<S, "kind">;

export const number = (
  given: Omit<Given<NumberSetting>, "decimals"> & { readonly decimals?: number },
): NumberSetting => ({ kind: "number", decimals: 0, ...given });

export const choice = <T extends string>(given: Given<ChoiceSetting<T>>): ChoiceSetting<T> => ({
  kind: "choice",
  ...given,
});

export const onOff = (given: Given<SwitchSetting>): SwitchSetting => ({ kind: "switch", ...given });

export const text = (given: Given<TextSetting>): TextSetting => ({ kind: "text", ...given });

const numberFault = (setting: NumberSetting, value: unknown): string | null => {
  const { from, to, decimals } = setting;
  const fits =
    typeof value === "number" &&
    value >= from &&
    value <= to &&
    Number(value.toFixed(decimals)) === value;
  const what = decimals === 0 ? "a whole number" : "a number";
  return fits ? null : `Use ${what} from ${String(from)} to ${String(to)}.`;
};

/** Control characters other than line ends, and halves of surrogate pairs, are no text. */
const isText = (value: string): boolean => value.isWellFormed() && !/(?![\n\t])\p{Cc}/u.test(value);

/** What is wrong with a value for a setting and how to mend it; `null` when it fits. */
export function settingFault(setting: Setting, value: unknown): string | null {
  switch (setting.kind) {
    case "number":
      return numberFault(setting, value);
    case "choice":
      return setting.options.some((option) => option === value)
        ? null
        : `Use one of ${setting.options.join(", ")}.`;
    case "switch":
      return typeof value === "boolean" ? null : "Use true or false.";
    case "text":
      return typeof value === "string" && value.length <= setting.longest && isText(value)
        ? null
        : `Use text of at most ${String(setting.longest)} characters.`;
    default:
      return setting satisfies never;
  }
}
