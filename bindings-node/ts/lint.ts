// The model names in a text. Not part of `@tramontane/edge`, which stays small.

import { today } from './clock.js';
import { run } from './doors.js';
import { nativeOptions, type Policy } from './options.js';
import type { LintFinding } from './types.js';

/** How a text is read, and how its names are judged. */
export interface LintOptions {
  /** Its language, or the ending of its file: `python`, `ts`, `yaml`, `notebook`, …; plain text when absent. */
  language?: string;
  /** The day to judge by, `YYYY-MM-DD`; today when absent. */
  on?: string;
  /** Make errors of models that are retired within so many days. */
  withinDays?: number;
  /** Names in comments count too. */
  comments?: boolean;
  /** An unknown model is an error. */
  strict?: boolean;
  severities?: Policy['severities'];
  /** Names that are meant; `*` at the end stands for any ending. */
  ignore?: readonly string[];
  /** Rows that lie over the catalogue. */
  overlay?: unknown;
}

/** Everything that is wrong with the model names in source code, configuration or a notebook. */
export function lintText(text: string, options: LintOptions = {}): LintFinding[] {
  return run('lint_text', { on: today(), ...nativeOptions(options), text });
}
