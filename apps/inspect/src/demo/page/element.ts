type Part = Node | string | null;

/** An element with a class and contents; texts are text, whatever they hold. */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  className = '',
  ...contents: readonly Part[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  if (className !== '') made.className = className;
  made.append(...contents.filter((part) => part !== null));
  return made;
}

/** The page's element of an id. */
export function byId<E extends HTMLElement>(id: string): E {
  return document.getElementById(id) as E;
}
