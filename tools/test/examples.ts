import ts from 'typescript';

/** The TypeScript blocks of a README with the titles of their sections, the first of which is that of the file. */
export function examplesOf(readme: string): [title: string, code: string][] {
  const sections = [...readme.matchAll(/^#{1,2} (.+)$([\s\S]*?)(?=^## |$(?![\s\S]))/gm)];
  return sections.flatMap(([, title = '', text = '']) =>
    [...text.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, code = '']): [string, string] => [title, code]),
  );
}

/** An example as an ES module. */
export function exampleProgram(code: string): string {
  const compilerOptions = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 };
  return ts.transpileModule(code, { compilerOptions }).outputText;
}

/** An example as a CommonJS module that exports it as the async function `main`. */
export function exampleModule(code: string): string {
  const imports = code.match(/^import [\s\S]*?;$/gm) ?? [];
  const body = code.replace(/^import [\s\S]*?;$/gm, '');
  const { outputText } = ts.transpileModule(
    `${imports.join('\n')}\nexport async function main() {\n${body}\n}`,
    {
      compilerOptions: {
        module: ts.ModuleKind.CommonJS,
        target: ts.ScriptTarget.ES2022,
        esModuleInterop: true,
      },
    },
  );
  return outputText;
}
