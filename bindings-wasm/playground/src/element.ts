// Elements of the page. Text is always text: nothing that a request says becomes markup.

type Child = Node | string | undefined;

/** An element with attributes and children. */
export function element<K extends keyof HTMLElementTagNameMap>(name: K, attributes: Record<string, string> = {}, ...children: Child[]): HTMLElementTagNameMap[K] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children.filter((child) => child !== undefined));
  return made;
}

/** A button. */
export function button(label: string, act: () => void, attributes: Record<string, string> = {}): HTMLButtonElement {
  const made = element('button', { type: 'button', ...attributes }, label);
  made.addEventListener('click', act);
  return made;
}

/** Names and what they are. */
export function facts(rows: readonly (readonly [string, Child])[]): HTMLElement {
  const list = element('dl', { class: 'facts' });
  for (const [name, value] of rows) if (value !== undefined && value !== '') list.append(element('dt', {}, name), element('dd', {}, value));
  return list;
}

/** A sentence whose `backticks` become code. */
export function prose(text: string): Child[] {
  return text.split(/`([^`]+)`/).map((part, at) => (at % 2 === 1 ? element('code', {}, part) : part));
}

/** The element of the page with an id. */
export function byId<E extends HTMLElement>(id: string): E {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no element \`${id}\``);
  return found as E;
}
