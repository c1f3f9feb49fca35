// The playground: a request in, everything that is true about it out. Nothing leaves the page; its own rules forbid it.

import { init, models } from '@tramontane/edge';
import module from '../../dist/pkg/tramontane.wasm';

import { Editor } from './editor.js';
import { byId, element } from './element.js';
import { examples } from './examples.js';
import { judge } from './judge.js';
import { fragmentOf, textOf } from './share.js';
import { say, show } from './view.js';

const SETTLED = 120;

function written(request: unknown): string {
  return JSON.stringify(request, null, 2);
}

/** The theme: the machine's own until one is chosen. */
function startTheme(): void {
  const toggle = byId<HTMLButtonElement>('theme');
  const prefersDark = matchMedia('(prefers-color-scheme: dark)');
  const isDark = (): boolean => (document.documentElement.dataset['theme'] ?? (prefersDark.matches ? 'dark' : 'light')) === 'dark';
  const label = (): void => {
    toggle.textContent = isDark() ? 'Light' : 'Dark';
    toggle.setAttribute('aria-label', `Switch to the ${isDark() ? 'light' : 'dark'} theme`);
  };
  toggle.addEventListener('click', () => {
    document.documentElement.dataset['theme'] = isDark() ? 'light' : 'dark';
    label();
  });
  prefersDark.addEventListener('change', label);
  label();
}

async function start(): Promise<void> {
  await init(new WebAssembly.Module(module as BufferSource));
  startTheme();
  const day = byId<HTMLInputElement>('day');
  day.value = new Date().toISOString().slice(0, 10);

  let timer: ReturnType<typeof setTimeout> | undefined;
  const update = (): void => {
    const verdict = judge(editor.text, day.value);
    editor.mark(verdict.findings);
    show(verdict, editor);
  };
  const editor = new Editor(byId('editor'), () => {
    clearTimeout(timer);
    timer = setTimeout(update, SETTLED);
  });
  day.addEventListener('change', update);

  const open = async (): Promise<void> => {
    const shared = await textOf(location.hash).catch(() => undefined);
    editor.text = shared ?? written(examples(day.value)[0]?.request());
    update();
  };
  addEventListener('hashchange', () => void open());

  const menu = byId<HTMLSelectElement>('examples');
  menu.append(...examples(day.value).map(({ title }, at) => element('option', { value: String(at) }, title)));
  menu.addEventListener('change', () => {
    const chosen = examples(day.value)[Number(menu.value)];
    if (chosen !== undefined) editor.text = written(chosen.request());
    menu.value = '';
  });

  const share = byId<HTMLButtonElement>('share');
  share.addEventListener('click', () => {
    void (async () => {
      history.replaceState(null, '', await fragmentOf(editor.text));
      await navigator.clipboard.writeText(location.href).then(() => say(share, 'Link copied'), () => say(share, 'Link in the address bar'));
    })();
  });

  byId('as-of').textContent = models.asOf();
  await open();
  document.documentElement.dataset['ready'] = '';
}

start().catch((error: unknown) => {
  byId('summary').textContent = `The page could not start: ${error instanceof Error ? error.message : String(error)}`;
});
