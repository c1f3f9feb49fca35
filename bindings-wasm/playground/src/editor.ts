// The editor: JSON in colours, findings under their places.

import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { json } from '@codemirror/lang-json';
import { bracketMatching, HighlightStyle, indentOnInput, syntaxHighlighting, ensureSyntaxTree } from '@codemirror/language';
import { lintGutter, lintKeymap, setDiagnostics, type Diagnostic } from '@codemirror/lint';
import { EditorState, type Extension } from '@codemirror/state';
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import type { Tree } from '@lezer/common';

import { editsBetween } from './edits.js';
import type { Judged, Offer } from './judge.js';
import { brokenAt, markOf, type Span } from './path.js';

// Colours are the page's own variables: the theme can change under a running editor.
const COLOURS = HighlightStyle.define([
  { tag: tags.propertyName, color: 'var(--name)' },
  { tag: tags.string, color: 'var(--string)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--number)' },
  { tag: [tags.separator, tags.squareBracket, tags.brace], color: 'var(--quiet)' },
]);

const LOOKS = EditorView.theme({
  '&': { height: '100%', fontSize: '0.875rem', color: 'var(--text)', backgroundColor: 'var(--paper)' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '1.55' },
  '.cm-gutters': { backgroundColor: 'var(--paper)', color: 'var(--quiet)', borderRight: '1px solid var(--line)' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'var(--active)' },
  '.cm-cursor': { borderLeftColor: 'var(--text)' },
  '&.cm-focused .cm-selectionBackground, .cm-selectionBackground': { backgroundColor: 'var(--selected) !important' },
  '&.cm-focused': { outline: 'none' },
  '.cm-tooltip': { backgroundColor: 'var(--card)', color: 'var(--text)', border: '1px solid var(--line)', maxWidth: '36rem' },
});

/** The editor of the page. */
export class Editor {
  readonly #view: EditorView;

  constructor(parent: HTMLElement, changed: () => void) {
    const extensions: Extension = [
      lineNumbers(), history(), drawSelection(), indentOnInput(), bracketMatching(), highlightActiveLine(), json(), lintGutter(),
      syntaxHighlighting(COLOURS), LOOKS, EditorView.lineWrapping,
      EditorView.contentAttributes.of({ 'aria-label': 'Request, as JSON', 'aria-describedby': 'editor-hint', spellcheck: 'false' }),
      keymap.of([...lintKeymap, ...defaultKeymap, ...historyKeymap]),
      EditorView.updateListener.of((update) => {
        if (update.docChanged) changed();
      }),
    ];
    this.#view = new EditorView({ parent, state: EditorState.create({ extensions }) });
  }

  get text(): string {
    return this.#view.state.doc.toString();
  }

  set text(text: string) {
    this.#view.dispatch({ changes: { from: 0, to: this.#view.state.doc.length, insert: text }, selection: { anchor: 0 } });
  }

  /** The line of a finding, from 1. */
  lineOf(finding: Judged): number {
    return this.#view.state.doc.lineAt(this.#place(finding).from).number;
  }

  /** Marks findings at their places. */
  mark(findings: readonly Judged[]): void {
    const diagnostics = findings.map((finding): Diagnostic => ({
      ...this.#place(finding),
      severity: finding.severity === 'note' ? 'info' : finding.severity === 'warning' ? 'warning' : 'error',
      source: finding.rule,
      message: finding.hint === null ? finding.message : `${finding.message}\n${finding.hint}`,
      actions: finding.offers.map((offer) => ({ name: offer.label, apply: () => this.apply(offer) })),
    }));
    this.#view.dispatch(setDiagnostics(this.#view.state, diagnostics));
  }

  /** Puts the cursor where a finding is. */
  show(finding: Judged): void {
    const { from, to } = this.#place(finding);
    this.#view.dispatch({ selection: { anchor: from, head: to }, effects: EditorView.scrollIntoView(from, { y: 'center' }) });
    this.#view.focus();
  }

  /** Makes an offered change, as one step that can be undone. */
  apply(offer: Offer): void {
    const changes = editsBetween(this.#tree(), this.text, JSON.parse(this.text), offer.request);
    this.#view.dispatch({ changes, userEvent: 'input.repair' });
  }

  #place(finding: Judged): Span {
    const text = this.text;
    return finding.rule === 'not_json' ? brokenAt(this.#tree(), text) : markOf(this.#tree(), text, finding.path);
  }

  #tree(): Tree {
    const { state } = this.#view;
    const tree = ensureSyntaxTree(state, state.doc.length, 1000);
    if (tree === null) throw new Error('the text is too long to be read in a second');
    return tree;
  }
}
