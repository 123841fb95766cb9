/** Hears of files that are chosen or dropped. */
export function onFiles(input: HTMLInputElement, take: (files: readonly File[]) => void): void {
  const { classList } = document.body;
  input.addEventListener('change', () => {
    if (input.files!.length > 0) take([...input.files!]);
    // The same file may be chosen again, when it has changed.
    input.value = '';
  });
  document.addEventListener('dragover', (event) => {
    event.preventDefault();
    classList.add('dropping');
  });
  document.addEventListener('dragleave', (event) => {
    if (event.relatedTarget === null) classList.remove('dropping');
  });
  document.addEventListener('drop', (event) => {
    event.preventDefault();
    classList.remove('dropping');
    const files = [...(event.dataTransfer?.files ?? [])];
    if (files.length > 0) take(files);
  });
}
